"""The small change of a telephone call in each language: greetings, checks, small talk."""

from dataclasses import dataclass

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """What is said in every call, whatever it is about."""

    greetings: tuple[str, ...]
    identify: tuple[str, ...]
    name: str
    replies: dict[str, tuple[str, ...]]
    thanks: tuple[str, ...]
    goodbyes: tuple[str, str]
    outbound: str
    speaking: tuple[str, ...]
    voicemail: str
    tails: dict[str, tuple[str, ...]]
    small_talk: Pairs


ENGLISH = Talk(
    greetings=(
        "Thank you for calling. This is the clinic's virtual assistant. How can I help you?",
        "Hello, you have reached the physical therapy clinic. What can I do for you?",
        "Good day, this is the clinic's assistant on a recorded line. How may I help?",
    ),
    identify=(
        "Let me look that up. May I have the patient's full name and date of birth?",
        "I can help with that. Could you give me the patient's name and date of birth first?",
    ),
    name="Sure, it's {patient}, {born}.",
    replies={
        "settled": ("Thank you. I have made a note of it.", "I see. That is taken care of."),
        "booked": ("That is booked. You will get a confirmation by text.",),
        "series": ("All sessions are booked. You will get the list by e-mail.",),
        "open": (
            "I will pass this on, and somebody from the front desk will call you back.",
            "I can't decide that myself, but I am leaving a message for the front desk.",
        ),
    },
    thanks=("Great, thank you.", "Okay, thanks a lot. Bye.", "Perfect, that's all.", "All right."),
    goodbyes=("You're welcome. Goodbye!", "Thank you for calling. Have a good day."),
    outbound="Hello, this is the assistant of the physical therapy clinic. Is this {caller}?",
    speaking=("Yes, speaking.", "Yes, that's me.", "It is, hello."),
    voicemail="Hello, this is the physical therapy clinic with a message.",
    tails={
        "settled": (
            "Caller had no other questions.",
            "No follow-up is needed.",
            "The phone number on file was confirmed.",
            "Prefers text messages over e-mail.",
            "The date of birth was verified.",
        ),
        "asked": (
            "Caller had no other questions.",
            "No follow-up is needed.",
            "Also asked about the holiday hours.",
        ),
        "booked": (
            "A confirmation was sent by text.",
            "Was reminded of the 24-hour cancellation policy.",
            "Was asked to arrive ten minutes early.",
            "A reminder will go out the day before.",
            "The address was read back.",
        ),
        "series": (
            "The list of dates was e-mailed.",
            "Asked for a reminder before each session.",
            "Was reminded of the 24-hour cancellation policy.",
        ),
        "open": (
            "Is best reached in the morning.",
            "Asked for a call back after 3 p.m.",
            "Prefers a reply by text.",
            "Was promised an answer within one business day.",
            "May be called on this number at any time.",
            "A voicemail is fine.",
        ),
    },
    small_talk=(
        (
            "Is there anything I should bring?",
            "An insurance card, a photo ID and comfortable clothes are enough.",
        ),
        (
            "And where do I park?",
            "The garage on Maple Street is free for the first two hours. Bring the ticket along.",
        ),
        (
            "Do you have an elevator?",
            "Yes, to the left of the main entrance, next to the pharmacy.",
        ),
        (
            "It has been raining here all morning.",
            "I hope you stay dry. The entrance at the back has a ramp with a roof.",
        ),
        (
            "Can I eat before I come?",
            "A light meal is fine. Please avoid a heavy one in the last hour.",
        ),
        (
            "How long will it take?",
            "A session takes 45 minutes. Please plan ten minutes more for changing.",
        ),
        (
            "Sorry, my dog is barking. Could you say that again?",
            "No problem. I said that I am looking at the schedule right now.",
        ),
        ("Do you still need us to wear masks?", "Only if you have a cough or a cold."),
        (
            "What happens if I'm late?",
            "Up to fifteen minutes we can still see you; after that we look for a new time.",
        ),
        (
            "Will it be the same therapist every time?",
            "We do our best to keep you with one therapist for the whole plan of care.",
        ),
        (
            "I've been doing the exercises twice a day, by the way.",
            "That is wonderful. Please tell your therapist how they felt.",
        ),
        (
            "Should I ice it or use heat?",
            "I can't give medical advice, but I will leave the question for your therapist.",
        ),
        ("My hearing isn't so good. Please speak slowly.", "Of course. I will take my time."),
        (
            "Do you send reminders?",
            "Yes, by text two days before and again in the morning of the visit.",
        ),
        (
            "Can my neighbor drive me and wait inside?",
            "Certainly. There is coffee and water in the waiting room.",
        ),
        (
            "Is the side door open again?",
            "Not yet. The repairs take until the end of the month; please use the main entrance.",
        ),
        (
            "I'm still using the cane. Is that a problem?",
            "Not at all. The gym is on one level and has handrails.",
        ),
        (
            "You sound just like a real person.",
            "Thank you. I am a virtual assistant, and the front desk reads every call.",
        ),
        (
            "Could you spell the name of the street?",
            "M-A-P-L-E, Maple, between the bakery and the post office.",
        ),
        (
            "Hold on, let me find a pen. Okay, go ahead.",
            "Take your time. I will also send everything by text.",
        ),
        (
            "My grandson will be with me. Are there toys?",
            "There is a corner with picture books and a big box of building blocks.",
        ),
        (
            "Do you validate for the bus as well?",
            "I am afraid not, but line seven stops right at the door.",
        ),
    ),
)

SPANISH = Talk(
    greetings=(
        "Gracias por llamar a la clínica. Soy la asistente virtual. ¿En qué le puedo ayudar?",
        "Clínica de fisioterapia, buenos días. ¿Cómo le puedo ayudar?",
    ),
    identify=("Permítame. ¿Me da el nombre completo del paciente y la fecha de nacimiento?",),
    name="Sí, {patient}, {born}.",
    replies={
        "settled": ("Gracias. Ya quedó anotado.", "Entendido, queda todo listo."),
        "booked": ("Queda reservado. Le llega una confirmación por mensaje.",),
        "series": ("Quedan reservadas todas. Le mando la lista por correo.",),
        "open": ("Le paso el recado a la recepción y le devuelven la llamada.",),
    },
    thanks=("Muchas gracias.", "Perfecto, gracias.", "Muy amable. Hasta luego."),
    goodbyes=("Con gusto. Hasta luego.", "Gracias por llamar. Que tenga un buen día."),
    outbound="Buenas tardes, llamo de la clínica de fisioterapia. ¿Es un buen momento?",
    speaking=("Sí, dígame.", "Sí, soy yo.", "Bueno, ¿quién habla?"),
    voicemail="Buenas tardes, le llamamos de la clínica de fisioterapia.",
    tails={
        "settled": (
            "No tuvo más preguntas.",
            "No hace falta darle seguimiento.",
            "Se confirmó el número de teléfono.",
            "Prefiere los mensajes de texto.",
        ),
        "asked": ("No tuvo más preguntas.", "No hace falta darle seguimiento."),
        "booked": (
            "Se envió la confirmación por mensaje.",
            "Se le recordó que debe avisar con 24 horas si cancela.",
            "Se le pidió llegar diez minutos antes.",
        ),
        "series": ("Se envió la lista de fechas por correo.",),
        "open": (
            "Prefiere que le llamen por la tarde.",
            "Se le prometió una respuesta en un día hábil.",
            "Se le puede dejar un mensaje de voz.",
        ),
    },
    small_talk=(
        ("¿Tengo que llevar algo?", "La tarjeta del seguro, una identificación y ropa cómoda."),
        ("¿Y dónde me estaciono?", "En Maple Street; las primeras dos horas son gratis."),
        ("¿Hay elevador?", "Sí, a la izquierda de la entrada, junto a la farmacia."),
        ("¿Cuánto dura la sesión?", "Cuarenta y cinco minutos, más diez para cambiarse."),
        ("Perdón, hay mucho ruido. ¿Me lo repite?", "Claro. Estoy revisando la agenda."),
        ("¿Puede venir mi esposa conmigo?", "Por supuesto, puede esperar en la sala."),
        (
            "He hecho los ejercicios todos los días.",
            "¡Qué bien! Cuénteselo también a su terapeuta.",
        ),
        (
            "¿Me pongo hielo o calor?",
            "No puedo dar consejos médicos, pero dejo la pregunta anotada.",
        ),
        ("¿Mandan recordatorios?", "Sí, dos días antes y la misma mañana de la cita."),
        ("Espere, busco con qué apuntar.", "Sin prisa. También se lo mando por mensaje."),
    ),
)

RUSSIAN = Talk(
    greetings=(
        "Здравствуйте, это виртуальный помощник клиники физиотерапии. Чем могу помочь?",
        "Клиника физиотерапии, добрый день. Слушаю вас.",
    ),
    identify=("Минуту. Назовите, пожалуйста, имя, фамилию и дату рождения пациента.",),
    name="{patient}, {born}.",
    replies={
        "settled": ("Спасибо, я всё записала.", "Хорошо, готово."),
        "booked": ("Записала. Подтверждение придёт в сообщении.",),
        "series": ("Все сеансы записаны. Список придёт на почту.",),
        "open": ("Я передам регистратуре, вам перезвонят.",),
    },
    thanks=("Спасибо большое.", "Хорошо, спасибо.", "Отлично, до свидания."),
    goodbyes=("Пожалуйста. Всего доброго!", "Спасибо за звонок. Хорошего дня."),
    outbound="Здравствуйте, вам звонят из клиники физиотерапии. Удобно говорить?",
    speaking=("Да, слушаю.", "Да, это я.", "Да, говорите."),
    voicemail="Здравствуйте, это клиника физиотерапии.",
    tails={
        "settled": (
            "Других вопросов не было.",
            "Перезванивать не нужно.",
            "Номер телефона в карте подтверждён.",
        ),
        "asked": ("Других вопросов не было.", "Перезванивать не нужно."),
        "booked": (
            "Подтверждение отправлено сообщением.",
            "Напомнили, что отменять нужно не позднее чем за 24 часа.",
        ),
        "series": ("Список дат отправлен по электронной почте.",),
        "open": (
            "Удобнее звонить во второй половине дня.",
            "Обещан ответ в течение рабочего дня.",
        ),
    },
    small_talk=(
        ("Что взять с собой?", "Карту страховки, удостоверение и удобную одежду."),
        ("А где можно поставить машину?", "На Maple Street, первые два часа бесплатно."),
        ("У вас есть лифт?", "Да, слева от главного входа, рядом с аптекой."),
        ("Сколько длится сеанс?", "Сорок пять минут, и ещё десять на переодевание."),
        ("Извините, тут шумно. Повторите, пожалуйста.", "Конечно. Я смотрю расписание."),
        ("Может со мной прийти муж?", "Конечно, он может подождать в холле."),
        ("Прикладывать холод или тепло?", "Советов я не даю, но передам вопрос терапевту."),
        ("Вы присылаете напоминания?", "Да, за два дня и утром в день приёма."),
        ("Подождите, возьму ручку.", "Не торопитесь. Я пришлю и сообщение."),
    ),
)

TALKS = {"english": ENGLISH, "spanish": SPANISH, "russian": RUSSIAN}
