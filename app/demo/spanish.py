"""What callers in Spanish want, and what the assistant calls them about."""

SCRIPTS = """
= existing_appointment settled

{caller} llamó para confirmar la sesión del {date} {time} con {clinician}. La cita sigue en pie.
> Quería confirmar {my_visit} del {date}.
< Sí, está confirmada para el {date} {time} con {clinician}.

{caller} no encontraba el mensaje de recordatorio y preguntó cuándo es la próxima sesión. Es el
{date} {time}.
> Perdí el mensaje. ¿Cuándo es {my_visit}?
< Es el {date} {time}.

{caller} preguntó cuántas sesiones quedan del plan. Quedan {left} de {plan}, y la próxima es el
{date}.
> ¿Cuántas sesiones quedan? Es por {my_visit}.
< Quedan {left} de {plan}. La próxima es el {date}.

= existing_appointment settled today

Avisó que llegaría unos {minutes} minutos tarde a la sesión de hoy por el tráfico. Se informó al
terapeuta y la sesión se mantiene.
> Hay mucho tráfico, voy a llegar unos {minutes} minutos tarde.
< Gracias por avisar. Ya se lo digo al terapeuta.

= existing_appointment series

{caller} quiso seguir después del plan actual y reservó {n} sesiones más con {clinician} a partir
del {date}, {time}.
> Ya se acaba el plan y queremos seguir con {my_therapy}.
< Reservé {n} sesiones a partir del {date}, {time}.

= existing_appointment open

{caller} recibió dos horas distintas para el {date} y pidió que la recepción le confirme cuál es la
correcta.
> El mensaje dice una hora y el correo dice otra. Es {my_visit} del {date}.
? Two entries in the book. Asked the therapist which one is right.
! Book corrected, called back in Spanish.

= rescheduling booked

{caller} pidió cambiar la sesión del {day} al {other_day} por {reason}. Quedó {time} con
{clinician}.
> Por {reason} no podemos ir el {day}. ¿Se puede cambiar {my_visit} al {other_day}?
< Sí, el {other_day} {time}.

{caller} faltó a la sesión del {past_date} y pidió disculpas. Se reservó una nueva para el {date}
{time}.
> Disculpe, se me olvidó {my_visit} del {past_date}.
< No se preocupe. Tengo lugar el {date} {time}.

Le cambiaron el turno en el trabajo y no puede venir el {date}. La sesión pasó al {other_date}
{time}.
> Me cambiaron el turno, ya no puedo el {date}.
< Le ofrezco el {other_date} {time}.

= rescheduling series

{caller} estará de viaje {span} y pidió mover las {n} sesiones que quedan. Ahora empiezan el {date}
{time}.
> Vamos a estar de viaje {span}. Hay que aplazar {my_therapy}.
< Moví las {n} sesiones. La primera es el {date} {time}.

= rescheduling open

{caller} necesita cambiar la sesión del {date} por {reason}, pero ningún horario le convino. Pidió
que le llamen si se abre un lugar el {other_date}.
> Por {reason} necesito otro día para {my_visit}, y solo me sirve el {other_date}.
? On the cancellation list.
! Slot opened, patient took it.

= cancellation settled

{caller} canceló la sesión del {date} por {reason} y por ahora no quiso otra fecha.
> Por {reason} tengo que cancelar {my_visit} del {date}.
< Queda cancelada. Llámenos cuando quiera otra fecha.

{caller} canceló las sesiones que quedaban porque ya no siente molestias en {part}. Quedó muy a
gusto con {clinician}.
> Ya no hay dolor, así que quiero cancelar {my_visit} y las demás.
< Me alegro mucho. Quedan canceladas.

Se muda a otra ciudad en {next_month} y canceló las citas después del {date}.
> Me mudo en {next_month}, así que no voy a seguir después del {date}.
< Entendido, quedan canceladas.

= cancellation settled today

Canceló la sesión de hoy por fiebre. Se le explicó que no hay cargo en caso de enfermedad.
> Tengo fiebre, hoy no puedo ir.
< Que se mejore. No hay ningún cargo.

= cancellation open

{caller} canceló la cita del {date} y pidió que no se le cobre la multa de $60 por la sesión del
{past_date}. Lo debe decidir facturación.
> Quiero cancelar {my_visit} del {date}. ¿Y me pueden quitar la multa de $60?
? Fee question is with the manager.
! Fee waived once, explained the policy in Spanish.

= new_appointment booked

{caller} pidió una primera evaluación por {complaint}. Quedó para el {date} {time} con {clinician}.
> Quisiera una primera cita por {complaint}. El doctor quiere que empiece {my_therapy}.
< Le ofrezco el {date} {time} con {clinician}.

{caller} llamó por recomendación de una vecina, con {complaint}. Reservó la evaluación para el
{date} {time} y traerá la tarjeta de {insurer}.
> Una vecina me los recomendó. Es por {complaint}. Quiero empezar {my_therapy}.
< Con gusto: el {date} {time}. Traiga la tarjeta de {insurer}, por favor.

= new_appointment series

{caller} tiene receta para terapia por {complaint}. Se reservaron {n} sesiones a partir del {date},
{time}.
> Tengo la receta del doctor por {complaint}. ¿Cuándo puede empezar {my_therapy}?
< Reservé {n} sesiones. La primera es el {date} {time}.

= new_appointment open

{caller} quiere una evaluación por {complaint}, pero aún no tiene la orden del médico. Hay que
revisar el fax antes de reservar.
> Quiero empezar {my_therapy} por {complaint}, pero todavía no mandaron la orden.
? No fax yet. Called the doctor's office.
! Order came in, but the patient went elsewhere.

Quiere empezar terapia por {complaint} y no sabe si se acepta {insurer}. Pidió que se verifique la
cobertura y le devuelvan la llamada.
> ¿Aceptan {insurer}? Quiero empezar la terapia.
? Eligibility check is running.
! In network. Called back in Spanish, wants to think about it.

= new_appointment settled

Preguntó cuánto cuesta la evaluación sin seguro. Se le dijo que $165 y quedó en pensarlo.
> No tengo seguro. ¿Cuánto cuesta la primera cita?
< La evaluación cuesta $165.

= appointment_inquiry settled

Preguntó por el horario de la clínica: de lunes a viernes de 8 a 18 horas y los sábados de 9 a 13.
> ¿Cuál es el horario?
< De lunes a viernes de 8 a 18 horas y los sábados de 9 a 13.

{caller} preguntó si hay lugar en los próximos días con {clinician}. Se le ofreció el {date} {time}
y quedó en confirmar.
> ¿Hay lugar en los próximos días? Quiero planear {my_therapy}.
< Sí, el {date} {time}.

Quiso saber si la clínica atiende {complaint}. Se le explicó que sí y que la evaluación dura una
hora.
> ¿Ustedes atienden {complaint}?
< Sí. La evaluación dura una hora.

Preguntó dónde estacionar. Se le indicó el estacionamiento de {street} y la rampa de atrás.
> ¿Dónde me puedo estacionar?
< En el estacionamiento de {street}. Atrás hay una rampa.

= appointment_inquiry open

{caller} preguntó si el {day} hay un terapeuta que hable español. La recepción debe revisar los
turnos y llamar.
> ¿El {day} hay alguien que hable español? Es para {my_therapy}.
? Asked Marisol whether she is in that day.
! Called back, Marisol is in.

= billing settled

{caller} preguntó por un saldo de {amount} de la visita del {past_date}. Se le explicó que es la
parte que {insurer} no cubre.
> Me llegó una cuenta de {amount} por {my_visit} del {past_date}.
< Es la parte que {insurer} no cubre.

{caller} pagó {amount} con tarjeta por la línea segura. El número de confirmación es {reference}.
> Quiero pagar {amount}. Es por {my_visit}.
< Gracias. Su número de confirmación es {reference}.

Pidió un recibo detallado de {last_month} para su cuenta de salud. Se le envió por correo
electrónico.
> Necesito un recibo de las visitas de {last_month}.
< Se lo envío ahora por correo electrónico.

= billing open

{caller} dice que le cobraron {amount} dos veces con la misma tarjeta y pide la devolución de uno de
los pagos.
> Me cobraron {amount} dos veces por {my_visit}.
? Card terminal report requested.
! One of the two payments refunded.

{caller} no está de acuerdo con el cargo de {amount} en el estado de cuenta {reference}: la sesión
del {past_date} se canceló a tiempo.
> Ese cargo de {amount} no es correcto. Cancelé {my_visit} a tiempo.
? Sent to the billing desk with the statement.
! Charge taken off, corrected statement mailed.

= authorization settled

{caller} preguntó si {insurer} ya aprobó más sesiones. La aprobación {reference} cubre {plan}
visitas hasta fines de {next_month}.
> ¿Ya aprobó {insurer} las sesiones? Es por {my_visit}.
< Sí, {plan} visitas hasta fines de {next_month}.

Preguntó si {insurer} exige autorización para la evaluación. Se le dijo que la primera visita no la
necesita.
> ¿Hace falta autorización de {insurer}?
< Para la primera visita, no.

= authorization open

{caller} supo que {insurer} negó más sesiones y quiere apelar. Pide una carta firmada por
{clinician} que explique la necesidad médica.
> {insurer} negó las sesiones. Sin eso se corta {my_therapy}. ¿Nos pueden dar una carta?
? Appeal letter drafted, waiting for the signature.
! Appeal won, sessions approved.

{caller} avisó que la autorización de {insurer} vence antes del {date}. Hay que pedir la renovación.
> La autorización se vence antes de {my_visit} del {date}.
? Renewal requested. Check again in two days.
! Renewal came through in time.

= client_support settled

{caller} no podía entrar al portal del paciente. Se envió un enlace nuevo y funcionó durante la
llamada.
> No puedo entrar al portal para ver {my_visit}.
< Le mandé un enlace nuevo. Pruébelo, yo espero.

Pidió recibir los mensajes en español. Se cambió el idioma en el expediente.
> ¿Me pueden mandar los mensajes en español?
< Claro, ya lo cambié.

{caller} necesitaba un justificante de la visita del {past_date}. Se envió por correo electrónico.
> Necesito un justificante por {my_visit} del {past_date}.
< Se lo envío ahora mismo.

= client_support open

{caller} contó que siente más dolor en {part} con los ejercicios nuevos. Se le pidió suspenderlos, y
{clinician} debe llamar hoy.
> Con los ejercicios nuevos duele más. ¿Seguimos así con {my_therapy}?
< Suspéndalos por ahora. Hoy le llama {clinician}.
? Therapist has the message, calls after the last patient.
! Therapist called the same afternoon and changed the exercises.

{caller} se quejó de una espera de {minutes} minutos el {past_date} y pidió hablar con la gerencia.
> Esperamos {minutes} minutos para {my_visit}. Quiero hablar con la gerencia.
? Manager has it, needs somebody to interpret.
! Manager called with an interpreter and apologized.

= miscellaneous settled

Número equivocado: buscaba {shop}.
> ¿Hablo con {shop}?
< Esta es una clínica de fisioterapia. Tal vez marcó mal.

Mensaje grabado de ventas sobre {pitch}. Se terminó la llamada.
> ¡Felicidades! Usted fue elegido para {pitch}.

Número equivocado. Se disculpó y colgó.
> Ay, perdón, me equivoqué.

Un repartidor no encontraba la entrada en {street} y se le indicó la puerta.
> Traigo un paquete y no veo la entrada.
< Está a la izquierda de la farmacia.

= miscellaneous open

{vendor} reclamó el pago de la factura {reference} por {amount} y pidió hablar con contabilidad.
> Llamo de {vendor} por la factura {reference}.
? Forwarded to accounts.
! Accounts paid it.

= existing_appointment settled outbound

Llamada de recordatorio. {caller} confirmó la sesión del {date} {time}.
> Le llamo para recordarle la sesión del {date} {time}.
< Sí, ahí estaremos. Gracias.

= rescheduling booked outbound

Se llamó porque {clinician} no estará el {day}. {caller} aceptó cambiar la sesión al {other_day}
{time}.
> {clinician_cap} no estará el {day}. ¿Le conviene el {other_day} {time}?
< Está bien.

= billing settled outbound

Llamada de cortesía por un saldo de {amount}. {caller} pagará en línea antes del {date}.
> Hay un saldo pendiente de {amount}. ¿Le mando el enlace de pago?
< Sí, lo pago antes del {date}.

= authorization settled outbound

Se avisó que {insurer} aprobó {plan} visitas hasta fines de {next_month}. {caller} dio las gracias.
> Buenas noticias: {insurer} aprobó {plan} visitas.
< ¡Qué bueno! Gracias.

= existing_appointment settled voicemail

Se dejó un mensaje de voz con el recordatorio de la sesión del {date} {time}.
> Le recordamos su sesión del {date} {time}.

= rescheduling open voicemail

Se dejó un mensaje de voz: {clinician} no estará el {day} y hay que buscar otra fecha.
> {clinician_cap} no estará el {day}. Por favor, llámenos para buscar otra fecha.
? No answer yet. Text in Spanish sent as well.
! Rang back, moved to another day.
"""
