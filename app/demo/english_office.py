"""What callers in English want apart from visits, and what the assistant calls them about."""

SCRIPTS = """
= billing settled

{caller} asked about a balance of {amount} for the visit on {past_date}. Explained that it is the
share that {insurer} leaves to the patient.
> I got a bill for {amount}. What is it for? It's about {my} visit on {past_date}.
< That is the part {insurer} does not pay for the visit on {past_date}.

{caller} paid the balance of {amount} over the secure payment line. The confirmation number is
{reference}.
> I'd like to pay {my} balance of {amount}.
< Thank you. It went through; your confirmation number is {reference}.

Caller asked for an itemized receipt of all visits in {last_month} for a health savings account. It
was e-mailed.
> I need a receipt for my visits in {last_month}, with the codes on it.
< I am e-mailing it to you now.

{caller} asked why $60 was charged for {past_date}. Explained that it is the fee for a session
missed without notice, and it was accepted.
> There's a charge of $60 on {my} account. What is that?
< It is the fee for the session that was missed on {past_date}.

{caller} reported new coverage: {insurer}, from the first of {next_month}. The member number was
taken down and read back.
> {my_cap} insurance changes to {insurer} in {next_month}. The number is {reference}.
< I have {insurer}, number {reference}, from the first of {next_month}.

Caller asked for the co-pay under {insurer}. It is {copay} a visit once the deductible is met.
> What is my co-pay with {insurer}?
< It is {copay} a visit once the deductible is met.

{caller} agreed to pay {amount} in three monthly installments. The payment plan was sent for
signature.
> I can't pay {amount} at once. Can we split {my} bill?
< We can do three monthly installments. The plan is on its way to you.

Caller asked where to send a check for {amount}. The mailing address was given, and the statement
number {reference} should be written on it.
> Where do I mail the check for {amount}?
< To the clinic's address on {street}, with {reference} on it, please.

{caller} needed a superbill for {last_month} to file with {insurer}. It was sent to the patient
portal.
> I file with {insurer} myself, so I need the superbill for {my} visits in {last_month}.
< It is in the portal now.

= billing open

{caller} disputed a charge of {amount} on statement {reference}: the session on {past_date} was
canceled in time. Wants it taken off.
> Statement {reference} has {amount} for {past_date}, but we canceled {my} session in time.
? Sent to the billing desk with the statement.
! Charge was ours, taken off. Corrected statement mailed.

{caller} was charged {amount} twice on the same card and asked for a refund of one of the payments.
> My card was charged twice, {amount} each, for {my} visit.
? Card terminal report requested.
! One of the two payments refunded.

{insurer} denied the claim for {past_date}, and {caller} asked that it be filed again under code
{code}.
> {insurer} says {my} claim for {past_date} needs the code {code}. Can you file it again?
? On hold with {insurer} for 40 minutes. Try again in the morning.
! Filed again under {code}, patient informed.

Caller received a collections letter ({reference}) for {amount}, although the bill was paid in
{last_month}. Was upset and wants it stopped.
> I have a letter from collections about {amount}, and I paid that in {last_month}!
? Letter requested as a scan. Collections put on hold.
! Collections withdrawn, apology sent.

{caller} said the deductible was met in {last_month}, yet the last bill of {amount} ignores it.
{insurer} should be asked.
> {my_cap} deductible is met, {insurer} confirmed it. Why is there a bill for {amount}?
? Asked {insurer} for the deductible status.
! {insurer} agrees. Bill corrected to the co-pay.

= billing open office

{insurer} called about claim {reference} for {patient} and needs the visit notes of {past_date}
before it can pay.
> This is {insurer}, claims. We need the notes of {past_date} for {patient}, claim {reference}.
? Notes of {past_date} not signed yet. Reminded the therapist.
! Notes faxed to {insurer}, receipt confirmed.

= authorization settled

{caller} asked whether {insurer} has approved further sessions. Approval {reference} covers {plan}
visits until the end of {next_month}.
> Has {insurer} approved more of {my} sessions?
< Yes, {plan} visits until the end of {next_month}. The number is {reference}.

Caller asked whether {insurer} wants an authorization for an evaluation. None is needed for the
first visit.
> Does {insurer} have to approve the evaluation first?
< Not the first visit.

{caller} asked how the records can go to {surgeon}. The release form was e-mailed for signature.
> {surgeon} wants {my} records from you. What do I have to do?
< I am e-mailing you a release form to sign.

{caller} asked how long the authorization lasts. It ends in {next_month}, and {left} of {plan}
visits are left on it.
> How long is {my} authorization good for?
< Until {next_month}; {left} of {plan} visits are left on it.

= authorization settled office

{insurer} approved {plan} visits for {patient}, authorization {reference}, valid until the end of
{next_month}.
> This is {insurer}. {plan} visits are approved for {patient}. The number is {reference}.
< Thank you: {plan} visits, number {reference}.

The office of {surgeon} confirmed that a new referral for {patient} ({complaint}) was faxed this
morning.
> Calling from {surgeon}. We faxed the referral for {patient}. Did you get it?
< The fax came through, thank you.

= authorization open

{caller} learned that {insurer} denied more sessions for the {part} and wants to appeal. Asked
{clinician} for a letter of medical necessity.
> {insurer} turned down {my} sessions. Can {clinician} write a letter for the appeal?
? Appeal letter drafted, waiting for {clinician} to sign.
! Appeal won, sessions approved.

{caller} noticed that the authorization from {insurer} expires before the session on {date}. A
renewal has to be requested.
> {my_cap} authorization runs out before {date}. Who renews it?
? Renewal requested. Check with the insurer in two days.
! Renewal came through in time.

Caller said {surgeon} sent the referral last week, but it is not in the chart. Asked that the fax be
checked.
> Did the referral from {surgeon} arrive? They say they sent it last week.
? Nothing on the fax. Asked {surgeon} to send it again.
! Referral found, it was filed under the wrong name.

{caller} moves to {insurer} in {next_month}. The new plan wants prior authorization, so the {left}
booked sessions may be affected.
> From {next_month} on it's {insurer}, and they want to approve {my} sessions first.
? New card scanned, request to {insurer} goes out today.
! {insurer} approved the booked sessions.

Caller asked why {insurer} approved only {left} of the {plan} visits that {surgeon} ordered. Wants
the rest requested again.
> {surgeon} ordered {plan} visits and {insurer} gave me {left}. Can you ask again?
? Request for the rest is with {insurer}.
! {insurer} approved the full {plan} visits.

= authorization open office

{insurer} needs the progress notes for {patient} by {date} to decide on request {reference}.
> This is {insurer}, about {patient}, request {reference}. We need the progress notes by {date}.
? Progress notes half done. Deadline is {date}.
! Progress notes faxed before the deadline.

A workers' compensation adjuster asked for the plan of care for {patient}, claim {reference}, and
for the date of return to work.
> I'm the adjuster for {patient}, claim {reference}. I need the plan of care.
? Plan of care needs the doctor's signature first.
! Plan of care and work status sent to the adjuster.

A physician at {insurer} offers {clinician} a peer-to-peer review about {patient} on {day} at
{time}. Reference {reference}.
> We can do the peer-to-peer about {patient} with {clinician} on {day} at {time}.
? {clinician} is blocking time on {day}.
! Peer-to-peer done, visits approved.

= client_support settled

{caller} could not log in to the patient portal. A reset link was sent, and the login worked while
still on the line.
> The portal won't let me in. It's {my} account.
< I sent you a reset link. Please try it while I wait.

{caller} asked for the home-exercise videos for the {part}. The link was sent again.
> I deleted the videos with {my} exercises. Can I have them again?
< The link is on its way by text.

{caller} gave a new e-mail address and asked that statements go there. The file was updated.
> I have a new e-mail address for {my} file.
< Thank you. I updated it.

Caller asked to stop the text reminders and to get a phone call the day before instead. Changed.
> Please stop the texts. Just call me the day before.
< Done. We will call you the day before.

{caller} left {item} behind after the visit on {past_date}. It was found and is kept at the front
desk.
> I think I left {item} at the clinic after {my} visit on {past_date}.
< It is at the front desk, with your name on it.

Caller praised {clinician} for the work on the {part} and asked that the thanks be passed on.
> I just want to say thank you. {clinician} got my {part} going again.
< How kind. I will pass it on.

{caller} needed a note that confirms the visit on {past_date}. It was e-mailed.
> I need a note that says {my} visit was on {past_date}.
< I am e-mailing it now.

{caller} could not get the camera to work before a video visit. Allowing it in the browser helped,
and the test picture came through.
> The video for {my} visit won't start.
< Please tap the lock next to the address and allow the camera.

Caller asked to get all messages in Spanish from now on. The language was changed in the file.
> Could the messages come in Spanish? My wife reads them.
< Of course, I changed the language.

= client_support open

{caller} reported more pain in the {part} after the new exercises. Was told to pause them and to
seek urgent care if it gets worse; {clinician} should call today.
> {my_cap} {part} hurts more since the new exercises. Should we go on?
< Please pause them, and go to urgent care if it gets worse. {clinician} will call you.
? {clinician} has the message, calls after the last patient.
! {clinician} called the same afternoon and changed the exercises.

{caller} complained about a wait of {minutes} minutes on {past_date} and wants to hear from the
clinic manager.
> We waited {minutes} minutes for {my} session on {past_date}. I want to talk to a manager.
? Manager has it for today.
! Manager called and apologized. Patient stays with us.

{caller} asked that the complete records be sent to {surgeon} before {date}. A signed release is
still missing.
> Please send {my} records to {surgeon} before {date}.
? Release form sent for signature.
! Signed release is on file, records sent.

Caller's TENS unit no longer turns on, three weeks after it was handed out. Asked for a replacement.
> The TENS unit you gave me is dead. I changed the batteries twice.
? Replacement unit ordered.
! Replacement unit handed out.

{caller} is looking for {item}, last seen in the gym on {past_date}. It was not at the front desk;
the therapists should be asked.
> We lost {item} at {my} session on {past_date}. Did anyone find it?
? Asked in the gym, nobody has seen it. Look again on cleaning day.
! Found behind the treadmill. Waiting at the desk.

Caller needs a disability form signed by {clinician} before {date}. The form was faxed under
{reference}.
> My employer needs the disability form back before {date}. Did {clinician} sign it?
? Form is in the signature folder of {clinician}.
! Signed and faxed back before {date}.

= miscellaneous settled

Wrong number: the caller was looking for {shop}.
> Is this {shop}?
< This is a physical therapy clinic. You may have the wrong number.

Wrong number. The caller apologized and hung up.
> Oh, sorry, wrong number.

Recorded sales message about {pitch}. The call was ended.
> Hello! You have been selected for {pitch}. Press one to speak to an agent.

Robocall about {pitch}, with no person on the line.
> This is an important message about {pitch}. Do not hang up.

Robocall claiming that the clinic's business listing is about to expire. No information was given.
> Your business listing will expire today unless you press two.

Nobody spoke; only a television could be heard. The call was ended after three questions went
unanswered.
> [television in the background]

{vendor} announced a delivery of {supply} for {day} before {time}. Was told to use the back
entrance.
> This is {vendor}. We deliver the {supply} on {day}.
< Please use the back entrance, before {time}.

A sales representative of {vendor} offered a better price on {supply}. Was asked to send an e-mail
instead.
> Hi, I'm with {vendor}. What do you pay for {supply} at the moment?
< Please send us an e-mail.

Caller asked whether the clinic is hiring physical therapist assistants and was pointed to the jobs
page.
> Are you hiring? I'm a licensed assistant.
< Please have a look at the jobs page on our website.

A student asked about observation hours. The clinic takes two observers a month; an e-mail with the
school's form is enough.
> I'm a student and need observation hours.
< Please e-mail us your school's form.

A courier could not find the entrance on {street} and was directed to it.
> I have a package for you, but I'm on {street} and can't see you.
< The door is to the left of the pharmacy.

Caller wanted {shop} and had dialed one digit wrong. The call ended politely.
> Hello, this is {shop}, right?
< I am afraid this is a clinic.

Telephone survey about {pitch}. The assistant declined.
> Do you have two minutes for a survey about {pitch}?
< We don't take part in surveys, thank you.

Recorded campaign message before the local election. The call was ended.
> Hello, neighbor! This {day}, your vote counts.

Children on the line asked for a pizza and laughed. The call was ended.
> One large pizza with pineapple, please!

The building manager announced a fire-alarm test on {date} at {time}. No reply is needed.
> This is the building manager. There's a fire-alarm test on {date} at {time}.
< Thank you, I will let everyone know.

= miscellaneous open

{vendor} said that invoice {reference} over {amount} is unpaid and asked for a call from accounts.
> This is {vendor}. Invoice {reference} is still open, {amount}.
? Forwarded to accounts.
! Accounts paid it, invoice had gone to the old address.

A gym on {street} proposed a joint open day in {next_month} and asked for the clinic manager.
> We run the gym on {street} and would like to do an open day with you in {next_month}.
? Manager thinks about it.
! Declined politely, no open day this year.

A reporter from a local paper asked to speak with {clinician} about preventing falls. The deadline
is {day}.
> I'm writing about falls among older people. Could I talk to {clinician} before {day}?
? {clinician} is willing, asked the manager for permission.
! {clinician} talked to the paper for ten minutes.

The water will be shut off in the building on {date} from {time}. The manager asked who has keys to
the pool room.
> We shut the water off on {date} at {time}. Who has the keys to your pool room?
? Asked the pool team to be out by {time}.
! Keys handed to the manager, pool closed that day.

= existing_appointment settled outbound

Reminder call. {caller} confirmed the session with {clinician} on {date} at {time}.
> I'm calling to remind you of the session on {date} at {time} with {clinician}.
< Yes, we'll be there.

Reminder call for {date}. {caller} will come and asked for the new parking rules.
> I'm calling to remind you of the session on {date}.
< Thanks, we're coming. Is the parking still free?

= rescheduling booked outbound

{clinician} is out on {day}, so {caller} was called and accepted {other_day} at {time} instead.
> {clinician} is out on {day}. Would {other_day} at {time} suit you?
< That's fine.

A slot opened with {clinician}. {caller} was called from the waitlist and took {date} at {time}.
> A slot opened with {clinician}, {date} at {time}. Would you like it?
< Oh yes, please!

= cancellation settled outbound

The clinic stays closed on {date}. {caller} was told that the {time} session is canceled and will
call to pick a new day.
> We have to stay closed on {date}, so the {time} session is canceled.
< Okay. I'll call you when I know my week.

= billing settled outbound

Courtesy call about an open balance of {amount}. {caller} will pay online by {day}.
> There is an open balance of {amount}. May I send you the payment link?
< Send it over, I'll pay it by {day}.

= billing open outbound

Courtesy call about {amount} from {last_month}. {caller} believes {insurer} has paid it and asked
for a statement.
> There is an open balance of {amount} from {last_month}.
< I think {insurer} paid that. Can you send me a statement?
? Statement mailed. Call again in a week.
! {insurer} had paid. Balance cleared, our mistake.

= authorization settled outbound

{caller} was told that {insurer} approved {plan} visits until the end of {next_month}.
> Good news: {insurer} approved {plan} visits until the end of {next_month}.
< Finally! Thank you.

= client_support settled outbound

Check-in after the first session. {caller} reported less pain in the {part} and had no questions.
> How is the {part} after the first session?
< Much better, thanks.

= client_support open outbound

Check-in after the visit on {past_date}. {caller} has trouble with one exercise for the {part} and
would like {clinician} to call.
> How are the exercises for the {part} going?
< One of them hurts. Could {clinician} call me?
? {clinician} has the message.
! {clinician} called and changed the exercise.

= appointment_inquiry open outbound

{caller} was called about finishing the plan of care, {left} sessions short. Will talk to family and
asked for another call after {date}.
> There are {left} sessions left on the plan. Would you like to book them?
< I have to ask at home. Call me after {date}?
? Call again after {date}.
! Booked the last sessions by e-mail.

= existing_appointment settled voicemail

Left a voicemail for {caller}: reminder of the session on {date} at {time} with {clinician}.
> This is a reminder of the session on {date} at {time} with {clinician}.

= rescheduling open voicemail

Left a voicemail for {caller}: {clinician} is out on {day}, and the {time} session needs a new day.
> {clinician} is out on {day}, and we need to find a new day. Please call us back.
? No answer yet. Text sent as well.
! Rang back, moved to another day.

= billing open voicemail

Left a voicemail for {caller} asking for a call back about the account. No amount was mentioned.
> Please call us back about your account when you have a moment.
? No answer yet. Second try tomorrow.
! Rang back and paid.

= authorization open voicemail

Left a voicemail for {caller}: the clinic needs a copy of the new insurance card before {date}.
> Please send us a copy of the new insurance card before {date}.
? Card not here yet. Sent the upload link.
! Card uploaded, coverage is active.

= new_appointment open voicemail

Left a voicemail for {caller}: the referral from {surgeon} has arrived and an evaluation can be
booked.
> We have the referral from {surgeon}. Please call us to book the evaluation.
? No answer yet. Second try tomorrow.
! Rang back, wants to wait with it.
"""
