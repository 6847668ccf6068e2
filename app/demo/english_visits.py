"""What callers in English want about visits: booking, moving, canceling, asking."""

SCRIPTS = """
= existing_appointment settled

{caller} called to confirm the session with {clinician} on {date} at {time}. The appointment is in
the book and nothing has changed.
> Hi, I just want to make sure {my} appointment on {date} is still on.
< It is: {date} at {time} with {clinician}.

{caller} could not find the reminder and asked when the next session is. It is on {date} at {time}
with {clinician}.
> I lost the text message. When is {my} next session?
< The next one is on {date} at {time} with {clinician}.

{caller} asked what to wear and bring on {day}. Advised loose clothing, sneakers and the
home-exercise sheet.
> What should I pack for {my} session on {day}?
< Loose clothing, sneakers and the home-exercise sheet, please.

Caller had no ride on {date} and asked to hold the session by video. It was changed to a telehealth
visit at {time}, and the link was sent by text.
> My ride fell through. Could my session on {date} be a video visit instead?
< Yes. I changed it to a video visit at {time}, and the link is on its way by text.

{caller} asked how many sessions are left on the plan of care. {left} of {plan} remain, the next one
on {date}.
> How many of {my} sessions are left?
< There are {left} of {plan} left. The next one is on {date}.

Caller wanted to know who covers for {clinician} on {day}. The session stays at {time}, with a
colleague who has read the chart.
> I heard {clinician} is away on {day}. Who will I see?
< A colleague who has read your chart. The time stays the same, {time}.

Caller asked whether a spouse may sit in on the {date} session. Confirmed that one visitor is
welcome.
> Could my husband come along on {date} and watch the exercises?
< Of course, one visitor is welcome.

{caller} reported a sore {part} since the last visit and asked whether to come on {day} anyway. The
session stands, and a note to go easy was left for {clinician}.
> It's about {my} session on {day}. The {part} is still sore from last time. Should we come anyway?
< Please do. I am leaving a note for {clinician} to go easy on it.

= existing_appointment settled today

Caller was stuck in traffic and expected to be {minutes} minutes late for today's session.
{clinician} was told; the session will be shortened if needed.
> I'm stuck in traffic. I'll be about {minutes} minutes late.
< Thank you for letting us know. I am telling {clinician}; the session may be a little shorter.

{caller} called from the parking lot because the side door was locked. Was directed to the main
entrance, and {clinician} was told.
> I'm here for {my} session with {clinician}, but the side door is locked.
< Please use the main entrance, to the left of the pharmacy.

= existing_appointment booked

{caller} asked for one extra session because the {part} tightened up again. Added {date} at {time}
with {clinician}.
> It's {my} {part} again, it is really tight. Is there room for one more session?
< There is: {date} at {time} with {clinician}. I have added it.

= existing_appointment series

{caller} wished to continue after the current plan and booked {n} more sessions with {clinician},
starting {date} at {time}.
> The plan is almost over, and I'd like to add more of {my} sessions with {clinician}.
< I have added {n} sessions, starting {date} at {time}.

Caller extended the plan of care for the {part}: {n} sessions on {both_days} at {time}.
> My doctor wants me to keep going with the {part}. Can I book the next block?
< I have {n} sessions for you, {both_days} at {time}.

= existing_appointment open

{caller} was told two different times for {date}, {time} and {other_time}, and asked the front desk
to confirm which one is right.
> The text about {my} appointment on {date} says {time}, but the e-mail says {other_time}.
? Two entries in the book. Asked {clinician} which one is right.
! Book corrected. The right time is {time}, patient knows.

{caller} asked for a word with {clinician} before the {day} session about new swelling around the
{part}. A call back was promised.
> Before {my} session on {day} I'd like to talk to {clinician}. The {part} is swollen.
? Left word with {clinician}, who will call after the last patient.
! {clinician} called. Ice and rest, session stays.

Caller did not see the {date} session in the patient portal although a reminder had come for it. The
portal entry needs to be checked.
> I got a reminder for {date}, but the portal shows nothing on that day.
? Portal support has a ticket for it.
! Entry shows in the portal again. Texted the patient.

= rescheduling booked

{caller} moved the {day} session with {clinician} to {other_day} at {time} because of {reason}.
> Because of {reason} I need to move {my} session on {day}. Does {other_day} work?
< {other_day} at {time} is open. I have moved it.

{caller} could not make {date} on account of {reason}. The session was moved to {other_date} at
{time}.
> I'm calling about {my} session on {date}. We have {reason}. Is there another day?
< I can offer {other_date} at {time}.

Caller asked for a later start on {date}. The session with {clinician} was moved from {time} to
{other_time}.
> Could I come at {other_time} instead of {time} on {date}?
< That works. You are down for {other_time}.

{caller} missed the session on {past_date} and apologized. A make-up session was booked for {date}
at {time}.
> I'm so sorry, I forgot {my} session on {past_date}. Can we make it up?
< No problem. I booked a make-up session on {date} at {time}.

Caller's shifts changed, so the session on {date} no longer fit. It was moved to {other_date} at
{time}.
> They changed my shifts. I can't do {date} any more.
< How about {other_date} at {time}? I have moved it.

{caller} had to give up {date}. {clinician} had nothing else that week, so the session was moved to
{other_date} at {time} with a colleague.
> I have to give up {my} session on {date}. Anything else with {clinician} that week?
< {clinician} is full, but a colleague is free on {other_date} at {time}.

= rescheduling series

{caller} will be away for {span} and asked to push back the remaining {n} sessions. They now start
on {date} at {time}.
> We are away for {span}. Can all of {my} sessions start later?
< I moved the remaining {n} sessions. The first is on {date} at {time}.

Caller's new work schedule rules out {day}s. The remaining {n} sessions with {clinician} were moved
to {other_day}s at {time}.
> I have a new job and can't come on {day}s any more.
< I moved the remaining {n} sessions to {other_day}s at {time}.

= rescheduling settled

{caller} asked about moving the {date} session but kept the original time, {time}, once the
alternatives were read out.
> Is there anything else for {my} session on {date}? Later maybe?
< There is nothing later that day. Shall we keep {time}?

Caller asked whether a change on short notice costs a fee. Learned that the first late change is
free, and kept {date} for now.
> If I move my session on {date} at the last minute, do you charge me?
< The first late change is free.

= rescheduling open

{caller} needs to move the {date} session because of {reason}, but no offered time fit. Asked to be
called when {clinician} has an opening on {other_date}.
> Because of {reason} we can't come to {my} session on {date}, and only {other_date} works.
? On the cancellation list. Left a voicemail with two other times.
! Slot opened on {other_date}, patient took it.

Caller wants to trade the {day} session for any slot after {time} with {clinician}. None is free for
{span}; added to the waitlist.
> I want to keep {clinician}, but I need a slot after {time}, not on {day}.
? Nothing with {clinician} yet. Offered a colleague by text, no answer.
! {clinician} took on one more hour, patient moved there.

{caller} asked to move two family appointments on {date} so that they follow each other. Two charts
are involved, so the front desk will call back.
> Can you put {my} appointment on {date} and my mother's back to back?
? Asked both families' charts for consent, waiting.
! Both moved to {other_time} and the slot after. All set.

The line dropped while {caller} was choosing between {date} and {other_date}. The original session
is unchanged until somebody calls back.
> I need to move {my} session. Do you have {date} or {other_date}?
? Called back, no answer. Session stays where it is for now.
! Reached on the second try, kept the old time.

= cancellation settled

{caller} canceled the {date} session with {clinician} because of {reason} and did not want a new
time yet.
> Because of {reason} I have to cancel {my} session on {date}.
< It is canceled. Shall we look for a new time? Otherwise just call us.

{caller} canceled all remaining sessions because the {part} feels fully recovered. A discharge
summary was requested from {clinician}.
> The {part} is as good as new, so I'd like to cancel {my} other sessions.
< That is good to hear. I canceled them and asked {clinician} for the discharge summary.

Caller canceled a session with {clinician} with less than 24 hours' notice. The late fee of $60 was
explained and accepted.
> I can't make it tomorrow morning after all. Please cancel it.
< I canceled it. As it is less than 24 hours ahead, the late fee applies.

Caller canceled the follow-up on {date}: the {part} no longer hurts and the exercises are enough.
> I don't think I need to come on {date}. I'm feeling fine with the exercises.
< I am glad to hear it. The visit is canceled.

{caller} is moving away at the end of {next_month} and canceled every session after {date}. Asked
for the name of a clinic in the new town.
> We're moving away at the end of {next_month}, so I need to cancel {my} sessions after {date}.
< I canceled them. I will add the list of our partner clinics to the e-mail.

Caller canceled {date} because {insurer} stopped covering the visits, and will call again once the
new coverage starts.
> {insurer} dropped me, so I have to cancel {date}.
< I am sorry. It is canceled; call us when the new plan starts.

Caller canceled {date} because surgery on the {part} was brought forward. Will start anew once
{surgeon} allows it.
> My surgery was moved up, so I can't come on {date}.
< I canceled it. All the best, and call us when {surgeon} clears you.

{caller} travels for {span} and canceled the sessions in that time; the later ones stand.
> We're traveling for {span}. Please cancel {my} sessions until we are back.
< They are canceled; the later ones stay as they are.

Caller gave up the standing {day} appointment with {clinician} to look after a parent.
> My mother needs me on {day}s now. I have to give up my standing appointment.
< I understand. The standing appointment is canceled.

= cancellation settled today

{caller} canceled today's session because of a fever. No fee applies in case of illness.
> It's about {my} session today. There's a fever in the house, we can't come.
< Get well soon. It is canceled without a fee.

= cancellation open

{caller} canceled {date} and asked that the $60 no-show fee from {past_date} be waived. The billing
desk should decide.
> Please cancel {my} session on {date}. And could you drop the $60 fee from {past_date}?
? Fee question is with the manager.
! Fee waived once, explained the policy.

{caller} canceled the rest of the plan, unhappy with the wait on {past_date}. Asked for a call from
the clinic manager.
> Cancel all of {my} sessions. We waited forever on {past_date}. I want to talk to the manager.
? Manager wants to call personally.
! Manager called and apologized. Will come back after a break.

Caller canceled {time} on {date}, but the book shows a second session at {other_time} the same day.
It is unclear whether that one should stay.
> I can't come at {time} on {date}. Please cancel it.
? Left a voicemail asking about the {other_time} session.
! Second session was a double booking. Both taken out.

= new_appointment booked

{caller} asked for a first evaluation of {complaint}. Booked {date} at {time} with {clinician}; the
intake forms were sent by e-mail.
> I'd like to make a first appointment. It's for {complaint}, {my} doctor said to start therapy.
< I can offer {date} at {time} with {clinician}, and I will e-mail the intake forms.

{caller} was referred by {surgeon} for {complaint} and booked an evaluation on {date} at {time}.
Insurance is {insurer}.
> {surgeon} referred us for {complaint}. I'd like to book {my} evaluation.
< Your evaluation is on {date} at {time}. I have {insurer} as the insurance.

New-patient evaluation booked for {patient}: {complaint}, {date} at {time} with {clinician}. The
{insurer} card will be brought along.
> We've never been with you. It's about {my} first visit, for {complaint}.
< Welcome. {date} at {time} with {clinician}. Please bring the insurance card.

{caller} has no insurance and asked for the self-pay price of an evaluation, $165. Agreed and booked
{date} at {time}.
> I don't have insurance. What would {my} first visit cost?
< It is $165. I can offer {date} at {time}.

Caller hurt the {part} on the job and has an open workers' compensation claim with {insurer}. The
evaluation is on {date} at {time}; the claim number is {reference}.
> I hurt my {part} at work. There is a claim with {insurer}, number {reference}.
< Thank you. Your evaluation is on {date} at {time}.

{caller} heard about the clinic from a neighbor and wanted help with {complaint}. First visit is on
{date} at {time} with {clinician}.
> A neighbor told us about you. I'd like to book {my} first visit, for {complaint}.
< Lovely. {date} at {time} with {clinician}?

= new_appointment series

{caller} starts rehabilitation after surgery on the {part}. Booked {n} sessions with {clinician},
the first on {date} at {time}.
> {surgeon} says {my} rehabilitation can start now. It's the {part}.
< I booked {n} sessions with {clinician}. The first is on {date} at {time}.

{caller} has a prescription for {complaint}. Booked {n} sessions on {day}s at {time}, the first of
them the evaluation.
> I have a prescription here for {my} therapy. It says {complaint}.
< I booked {n} sessions on {day}s at {time}. The first one is the evaluation.

Caller was rear-ended last week and wants treatment for the {part}. Booked {n} sessions from {date}
at {time}; the attorney's file number is {reference}.
> I was in a car accident last week. My attorney said to start therapy for the {part}.
< I booked {n} sessions for you, starting {date} at {time}.

= new_appointment open

{caller} wants an evaluation of {complaint} but has no referral yet. {surgeon} should fax one;
please check before booking.
> I'd like to book {my} first visit, but {surgeon} hasn't sent the referral yet.
? No fax yet. Called the office of {surgeon}, they send it again.
! Referral came in, but the patient went elsewhere.

{caller} asked for an evaluation with {clinician} only, who is booked out for {span}. Would take any
cancellation.
> {my_cap} first visit has to be with {clinician}. A friend recommended it.
? On the list for {clinician}. Offered a colleague meanwhile.
! Chose not to wait. Took our colleague's number.

Caller wants to start therapy for {complaint} but was unsure whether {insurer} is accepted.
Eligibility should be checked before booking.
> Do you take {insurer}? I'd like to start therapy for {complaint}.
? Eligibility check with {insurer} is running.
! {insurer} is in network. Called, wants to think about it.

{caller} asked to begin therapy after a hospital stay and needs a wheelchair-accessible van. The
care coordinator should call back.
> I come out of the hospital on {day} and want to start therapy, but I need the van.
? Care coordinator is asking the van company.
! Van arranged by the hospital, intake goes through them.

Caller asked for an evaluation of {complaint} this week, and nothing is open before {date}. The
number was taken for the cancellation list.
> I need someone to look at {complaint} this week, please.
? On the cancellation list for this week.
! Called back, has found a slot at the hospital.

= new_appointment settled

{caller} asked about an evaluation of {complaint} and wanted to think about the self-pay price of
$165 before booking.
> What would {my} evaluation cost without insurance?
< The evaluation is $165. Would you like to book it?

Caller wanted a first visit for {complaint}, but only {day} evenings work and the clinic closes at 6
p.m. Decided to look elsewhere.
> I can only come on {day} after seven. Do you have anything?
< I am sorry, we close at 6 p.m.

Caller asked for a first visit for a newborn with torticollis and was pointed to the children's
hospital, which has a program for infants.
> Our baby is six weeks old and turns the head to one side only. Do you treat that?
< We see children from the age of five. The children's hospital has a program for infants.

= appointment_inquiry settled

Caller asked about the opening hours: Monday to Friday from 8 a.m. to 6 p.m. and Saturday from 9
a.m. to 1 p.m.
> What are your hours?
< Monday to Friday from 8 to 6 and Saturday from 9 to 1.

{caller} asked whether {clinician} has openings soon. Was offered {date} at {time} and {other_date}
at {other_time}, and will call back to book.
> Does {clinician} have anything soon? I'd have to check {my} calendar first.
< {date} at {time} or {other_date} at {other_time}.

Caller asked how long visits take: an evaluation is 60 minutes, a follow-up session 45.
> How much time should I plan for a visit?
< An evaluation takes 60 minutes, a session 45.

{caller} asked whether a referral is needed for {complaint}. The first visit needs none; some
insurers ask for one later.
> Do I need a referral for {complaint}? I'm asking before {my} first visit.
< Not for the first visit. Your insurer may ask for one later.

Caller asked whether the clinic treats {complaint}. It does, and {clinician} sees most of these
patients.
> Do you treat {complaint}?
< We do. {clinician} sees many patients with it.

Caller asked whether therapists come to the house. Home visits are not offered; telehealth is.
> Do you come to people's homes?
< We don't, but we do offer video visits.

{caller} asked when the balance class meets: {day}s at {time}, eight people at most.
> When is the balance class? It's for {my} calendar.
< On {day}s at {time}.

Caller asked for the earliest opening for an evaluation, {date} at {time}, and wanted to check with
work before booking.
> What is the first opening you have for an evaluation?
< {date} at {time}.

Caller asked for directions and parking. Was told about the garage on {street} and the ramp at the
back.
> How do I get to you, and where do I park?
< There is a garage on {street}, and a ramp at the back door.

{caller} asked whether the pool for aquatic therapy is open. It is, on {both_days}.
> Is the pool open? {my_cap} doctor suggested aquatic therapy.
< It is, on {both_days}.

Caller asked about dry needling for the {part}. It costs $55, is not covered by most plans and needs
a prior evaluation.
> How much is dry needling? I'd want it for my {part}.
< It is $55, after an evaluation.

= appointment_inquiry open

{caller} asked for the earliest evening slot with {clinician} in {next_month}. That schedule is not
out yet; asked to be called when it is.
> Which evenings does {clinician} work in {next_month}? I want to plan {my} sessions.
? Roster for {next_month} comes out on Friday. Call back then.
! Called with the evening times for {next_month}.

A small company asked about ergonomic assessments for its staff and what a day on site costs. The
clinic manager should call back.
> We have twenty people at desks. Do you do ergonomic assessments?
? Forwarded to the manager with the number of desks.
! Quote sent by e-mail.

{caller} asked whether a therapist who speaks Spanish is in on {day}. The front desk should check
the roster.
> Is anyone in on {day} who speaks Spanish? It's for {my} first visit.
? Asked the team who is in on {day}.
! Called back: yes on {day}, in the morning.

Caller asked whether the waitlist for {clinician} is moving, having waited {span}. The place on the
list should be looked up.
> I've been on the waitlist for {clinician} for {span}. Where do I stand?
? Checking with {clinician} who is still waiting.
! Told the caller: second on the list.
"""
