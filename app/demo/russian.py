"""What callers in Russian want, and what the assistant calls them about."""

SCRIPTS = """
= existing_appointment settled

{caller} подтвердил{a} сеанс на {date}, в {time}. Запись к доктору {clinician} остаётся в силе.
> Хочу подтвердить {my_visit} на {date}.
< Да, всё в силе: {on_date}, в {time}, доктор {clinician}.

{caller} потерял{a} напоминание и спросил{a}, когда следующий сеанс. Он назначен на {date}, в
{time}.
> Я потерял{a} сообщение. Напомните, пожалуйста, когда {my_visit}.
< Следующий сеанс {on_date}, в {time}.

= existing_appointment settled today

Предупредил{a}, что опоздает на {minutes} минут из-за пробок. Терапевту передано, сеанс состоится.
> Я стою в пробке, опоздаю минут на {minutes}.
< Спасибо, что предупредили. Я передам.

= existing_appointment series

{caller} решил{a} продолжить лечение после окончания курса. Записано ещё {n_sessions} у доктора
{clinician}, начиная с {from_date}.
> Курс заканчивается, а мы хотим продолжить. Продлите, пожалуйста, {my_course}.
< Записываю: {n_sessions}, начиная с {from_date}.

= existing_appointment open

{caller} получил{a} два разных времени приёма {on_date}, и просит регистратуру перезвонить и
уточнить.
> В сообщении одно время, в письме другое. Проверьте {my_visit} на {date}.
? Two entries in the book. Asked the therapist which one is right.
! Book corrected, texted the right time.

= rescheduling booked

{caller} попросил{a} перенести сеанс {from_day} на {other_day}: {reason}. Новое время {time}.
> Можно перенести {my_visit} {from_day} на {other_day}? У нас {reason}.
< Да, есть время в {time}.

{caller} пропустил{a} сеанс {past_date} и извинил{sya}. Взамен назначен сеанс на {date}, в {time}.
> Простите, мы забыли про {past_date}. Можно восстановить {my_visit}?
< Ничего страшного. Есть время {on_date}, в {time}.

= rescheduling series

{caller} уезжает на {span} и попросил{a} сдвинуть весь курс: {n_sessions} теперь начинаются с
{from_date}.
> Мы уезжаем на {span}. Можно сдвинуть {my_course}?
< Готово: {n_sessions}, начиная с {from_date}.

= rescheduling open

{caller} не может прийти {on_date}, но ни одно время не подошло. Просит позвонить, если освободится
место {on_other_date}.
> {on_date_cap} не получается. Перенесите {my_visit}, только не на утро, а лучше {on_other_date}.
? On the cancellation list.
! Slot opened, patient took it.

= cancellation settled

{caller} отменил{a} сеанс {on_date}: {reason}. Новую дату пока не выбрал{a}.
> Отмените, пожалуйста, {my_visit} на {date}. У нас {reason}.
< Запись отменена. Позвоните, когда будет удобно.

{caller} отменил{a} оставшиеся сеансы: боль в {part} прошла. Просил{a} поблагодарить доктора
{clinician}.
> Боль прошла, отмените {my_visit} и остальные тоже.
< Рада это слышать. Записи отменены.

= cancellation settled today

Отменил{a} сегодняшний приём из-за температуры. Плата в случае болезни не взимается.
> У меня температура, сегодня не приду.
< Выздоравливайте. Платить ничего не нужно.

= cancellation open

{caller} отменил{a} приём {on_date}, и попросил{a} не брать $60 за пропуск {past_date}. Решение за
бухгалтерией.
> Отмените {my_visit} на {date}. И, пожалуйста, не берите $60 за тот пропуск.
? Fee question is with the manager.
! Fee waived once, the son translated.

= new_appointment booked

{caller} впервые обратил{sya} с жалобой на {complaint}. Первичный приём назначен на {date}, в
{time}, у доктора {clinician}.
> Мы у вас впервые. Хочу {my_signup}, жалоба на {complaint}.
< Могу предложить {date}, в {time}, доктор {clinician}.

{caller} узнал{a} о клинике от соседей. Жалоба на {complaint}, первичный приём назначен на {date}, в
{time}.
> Соседи вас хвалят. Можно {my_signup}? Жалоба на {complaint}.
< Конечно. {on_date_cap}, в {time}.

= new_appointment series

{caller} получил{a} направление с жалобой на {complaint}. Назначено {n_sessions}, начиная с
{from_date}, в {time}.
> У нас направление на терапию. Можно {my_signup}?
< Записываю: {n_sessions}, начиная с {from_date}, в {time}.

= new_appointment open

{caller} хочет попасть на первичный приём с жалобой на {complaint}, но направления ещё нет. Просит
перезвонить, когда придёт факс.
> Хочу {my_signup}, но врач ещё не прислал направление.
? No fax yet. Called the doctor's office.
! Referral came in, but the patient went elsewhere.

= new_appointment settled

Спросил{a}, сколько стоит первичный приём без страховки. Цена $165, обещал{a} подумать.
> Сколько стоит первый приём, если нет страховки?
< Первичный приём стоит $165.

= appointment_inquiry settled

Спросил{a} о часах работы: с понедельника по пятницу с 8 до 18, в субботу с 9 до 13.
> Как вы работаете?
< С понедельника по пятницу с 8 до 18, в субботу с 9 до 13.

{caller} спросил{a}, есть ли время у доктора {clinician} в ближайшие дни. Предложено время
{on_date}, в {time}; обещал{a} перезвонить.
> Есть ли время в ближайшие дни? Хочу спланировать {my_visit}.
< Есть время {on_date}, в {time}.

Поинтересовал{sya}, лечат ли в клинике {complaint}. Лечат, первичный приём занимает час.
> Вы лечите {complaint}?
< Да. Первичный приём занимает час.

= appointment_inquiry open

{caller} спросил{a}, есть ли {on_day} терапевт, который говорит по-русски. Регистратура должна
проверить расписание и перезвонить.
> {on_day_cap} кто-нибудь говорит по-русски? Хочу {my_signup}.
? Asked Galina whether she is in that day.
! Called back, Galina is in.

= billing settled

{caller} спросил{a} про счёт на {amount} за приём {past_date}. Объяснено, что это доля, которую
{insurer} не покрывает.
> Пришёл счёт на {amount}. Я оплатил{a} {my_visit} сразу. Что это?
< Это доля, которую {insurer} не покрывает.

{caller} оплатил{a} {amount} картой. Номер подтверждения {reference}.
> Хочу оплатить {amount} за {my_visit}.
< Спасибо. Номер подтверждения {reference}.

= billing open

{caller} сообщил{a}, что {amount} списали с карты дважды, и просит вернуть одну из сумм.
> С меня дважды списали {amount} за {my_visit}.
? Card terminal report requested.
! One of the two payments refunded.

{caller} оспорил{a} счёт {reference} на {amount}: приём {past_date} был отменён вовремя.
> Я отменил{a} {my_visit} вовремя, а мне пришёл счёт на {amount}.
? Sent to the billing desk with the statement.
! Charge taken off, corrected statement mailed.

= authorization settled

{caller} спросил{a}, одобрила ли {insurer} новые сеансы. Одобрено визитов: {plan}, номер
{reference}.
> А {insurer} уже что-нибудь одобрила? Без этого нельзя продлить {my_course}.
< Да, одобрено. Номер {reference}, визитов: {plan}.

Спросил{a}, требует ли {insurer} разрешение на первичный приём. На первый визит оно не нужно.
> А {insurer} требует разрешение?
< На первый визит не нужно.

= authorization open

{caller} узнал{a}, что {insurer} отказала в новых сеансах, и хочет подать апелляцию. Просит письмо
от доктора {clinician}.
> Нам отказала {insurer}. Можно получить письмо, чтобы продолжить {my_course}?
? Appeal letter drafted, waiting for the signature.
! Appeal won, sessions approved.

= client_support settled

{caller} не сумел{a} войти в личный кабинет. Отправлена новая ссылка, вход удался ещё во время
разговора.
> Не могу войти в кабинет и посмотреть, когда {my_visit}.
< Отправляю новую ссылку. Попробуйте, я подожду.

{caller} попросил{a} справку о приёме {past_date}. Справка отправлена по электронной почте.
> Нужна справка за {my_visit}, это было {past_date}.
< Отправляю её вам на почту.

= client_support open

{caller} сообщил{a}, что после новых упражнений боль в {part} усилилась. Рекомендовано сделать
перерыв; доктор {clinician} должна перезвонить сегодня.
> После упражнений стало хуже. Переносить {my_visit} или нет?
< Пока сделайте перерыв. Доктор {clinician} вам перезвонит.
? Therapist has the message. Galina will interpret.
! Therapist called the same afternoon and changed the exercises.

{caller} пожаловал{sya} на ожидание {past_date} и хочет поговорить с руководством клиники.
> Мы очень долго ждали. {my_visit_cap} начался с опозданием!
? Manager has it, needs somebody to interpret.
! Manager called with an interpreter and apologized.

= miscellaneous settled

Ошиблись номером: искали {shop}.
> Это {shop}?
< Это клиника физиотерапии. Вы ошиблись номером.

Рекламная запись: {pitch}. Звонок завершён.
> Только сегодня: {pitch}!

Ошиблись номером, извинились и повесили трубку.
> Ой, простите, не туда попали.

Курьер не мог найти вход с улицы {street}, ему объяснили дорогу.
> У меня для вас посылка, где у вас вход?
< Слева от аптеки.

= existing_appointment settled outbound

Звонок с напоминанием. {caller} подтвердил{a} сеанс на {date}, в {time}.
> Напоминаю о сеансе {on_date}, в {time}.
< Да, спасибо, придём.

= rescheduling booked outbound

Доктора {clinician} не будет {on_day}. {caller} согласил{sya} перенести сеанс на {other_day}, в
{time}.
> Доктора {clinician} не будет {on_day}. Вам подойдёт время {on_other_day}, в {time}?
< Да, подойдёт.

= authorization settled outbound

Сообщили, что {insurer} одобрила новые сеансы. Визитов: {plan}. {caller} поблагодарил{a} за звонок.
> Хорошая новость: {insurer} одобрила новые сеансы.
< Наконец-то! Спасибо.

= existing_appointment settled voicemail

Оставлено голосовое сообщение с напоминанием о сеансе {on_date}, в {time}.
> Напоминаем о вашем сеансе {on_date}, в {time}.
"""
