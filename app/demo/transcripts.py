"""What was said in a call: a few turns that fit its summary, or as many as are asked for."""

from functools import cache

from app.demo.chance import Draw, pick
from app.demo.conversations import Conversation
from app.demo.texts import join, lines, marked, section_of

CALLER = "User"
# How each provider names the assistant.
ASSISTANT = {"vapi": "AI", "retell": "Agent"}
# Whether it is the assistant who speaks, and the words.
Turn = tuple[bool, str]


def write_transcript(talk: Conversation, provider: str, chars: int | None, draw: Draw) -> str:
    """Give the turns, one a line, padded with small talk to about so many characters."""
    names = (CALLER, ASSISTANT[provider])
    turns = Speech(talk, draw).turns(chars)
    return "".join(f"{names[by_assistant]}: {words}\n" for by_assistant, words in turns)


class Speech:
    """Puts what a script says between what is said in every call."""

    def __init__(self, talk: Conversation, draw: Draw) -> None:
        self.talk, self.draw = talk, draw
        self.file = f"{talk.language or 'english'}_talk"

    def one_of(self, heading: str) -> str:
        return pick(lines(self.file, heading), self.draw)

    def usual(self, heading: str) -> str:
        return self.talk.values.fill(lines(self.file, heading)[0])

    def turns(self, chars: int | None) -> list[Turn]:
        talk, script = self.talk, self.talk.script
        if talk.summary is None:
            return [(True, self.one_of("greeting"))]
        words = script.words.fill(talk.bank, talk.values, self.draw)
        if talk.kind == "voicemail":
            return [(True, f"{self.usual('calling a voicemail')} {words}")]
        answer = talk.values.fill(script.answer)
        closing = [(False, self.one_of("thanks")), (True, self.usual("you are welcome"))]
        reply = self.one_of(f"reply, {script.outcome}")
        if talk.kind == "outbound":
            opening = self.outbound(words, answer, reply)
        else:
            opening = [*self.inbound(words), (True, answer or reply)]
        if script.category == "miscellaneous" and script.outcome == "settled" and not answer:
            # Nobody is there to be thanked.
            opening[-1:], closing = [], [(True, self.usual("goodbye"))]
        return opening + self.small_talk(opening + closing, chars) + closing

    def outbound(self, words: str, answer: str, reply: str) -> list[Turn]:
        return [
            (True, self.usual("calling a patient")),
            (False, self.one_of("the patient answers")),
            (True, words),
            (False, answer),
            (True, reply),
        ]

    def inbound(self, words: str) -> list[Turn]:
        turns = [(True, self.one_of("greeting")), (False, words)]
        if self.talk.script.identifies():
            turns.append((True, self.one_of("asking who it is")))
            turns.append((False, self.usual("saying who it is")))
        return turns

    def small_talk(self, turns: list[Turn], chars: int | None) -> list[Turn]:
        # Eight more characters a turn for the name of who speaks.
        missing = (chars or 0) - sum(len(words) + 8 for _, words in turns)
        padding: list[Turn] = []
        while missing > 0:
            question, answer = pick(small_talk_of(self.file), self.draw)
            padding += [(False, question), (True, answer)]
            missing -= len(question) + len(answer) + 16
        return padding


@cache
def small_talk_of(file: str) -> list[tuple[str, str]]:
    """Give what a caller may ask besides, each with the answer."""
    said = [marked(paragraph) for paragraph in section_of(file, "small talk").paragraphs()]
    return [(join(marks[">"]), join(marks["<"])) for marks in said]
