"""What the staff write beside a call, still open or settled, in the clinic's own language."""

STAFF = ("JM", "KT", "AR", "LB")

# Keyed by category; None is a call that nobody spoke on.
WAITING: dict[str | None, tuple[str, ...]] = {
    None: (
        "Nobody picked up. Try again tomorrow before 10. {staff}",
        "Line busy twice. Sent a text instead, waiting for an answer. {staff}",
    ),
    "client_support": (
        "Left word with the therapist, who will call after the last patient. {staff}",
        "Manager has it on the list for the Thursday meeting. {staff}",
        "Form is in the signature folder. Call when it is back. {staff}",
    ),
    "miscellaneous": (
        "Forwarded to accounts, waiting for their answer. {staff}",
        "Manager wants to call back personally. {staff}",
    ),
    "billing": (
        "Sent to the billing desk with the statement. Answer expected within 3 days. {staff}",
        "Insurer on hold for 40 minutes. Try again first thing in the morning. {staff}",
        "Card terminal report requested to check for the double charge. {staff}",
    ),
    "new_appointment": (
        "No referral on the fax yet. Called the doctor's office, they resend it. {staff}",
        "Eligibility check running. Call back with the result. {staff}",
        "Left a voicemail with two possible times. {staff}",
    ),
    "existing_appointment": (
        "Two entries in the book. Asked the therapist which one is right. {staff}",
        "Left a voicemail, will try again after lunch. {staff}",
    ),
    "rescheduling": (
        "On the cancellation list. Call as soon as something opens. {staff}",
        "Offered two times by text, no answer yet. {staff}",
        "Spoke with the spouse, patient will ring back tonight. {staff}",
    ),
    "cancellation": (
        "Fee question is with the manager. {staff}",
        "Called to understand why, left a voicemail. {staff}",
    ),
    "authorization": (
        "Appeal letter drafted, waiting for the therapist's signature. {staff}",
        "Progress notes faxed. Check with the insurer in two days. {staff}",
        "Insurer wants the referral once more. Asked the doctor's office. {staff}",
    ),
    "appointment_inquiry": (
        "Roster comes out on Friday, call back then. {staff}",
        "Left a voicemail with the opening hours and our e-mail. {staff}",
    ),
}
SETTLED: dict[str | None, tuple[str, ...]] = {
    None: (
        "Called back, all fine. Had dialed by accident. {staff}",
        "Reached on the second try, nothing needed. {staff}",
    ),
    "client_support": (
        "Therapist called the same afternoon. Patient feels taken care of. {staff}",
        "Apologized for the wait, patient stays with us. {staff}",
        "Records sent, release is on file. {staff}",
    ),
    "miscellaneous": (
        "Passed on, nothing more to do for us. {staff}",
        "Called back and declined politely. {staff}",
    ),
    "billing": (
        "Charge was ours, taken off. Corrected statement mailed. {staff}",
        "Claim filed again, patient informed. {staff}",
        "Explained the statement line by line. Will pay online. {staff}",
    ),
    "new_appointment": (
        "Referral came in, but the patient went elsewhere. {staff}",
        "Called back. Insurance is fine, wants to think about it. {staff}",
    ),
    "existing_appointment": (
        "Book corrected, patient has the right time now. {staff}",
        "Called back, all clear. {staff}",
    ),
    "rescheduling": (
        "Slot opened, patient took it. {staff}",
        "Moved by text the next morning. {staff}",
    ),
    "cancellation": (
        "Fee waived once, explained the policy. {staff}",
        "Called back. Will return after the summer. {staff}",
    ),
    "authorization": (
        "Approval came by fax, number is in the chart. {staff}",
        "Renewal requested and granted. {staff}",
        "Peer-to-peer done, visits approved. {staff}",
    ),
    "appointment_inquiry": (
        "Called back with times, no decision yet. {staff}",
        "Sent the roster by e-mail. {staff}",
    ),
}
