"""The words that fill the blanks of the scripts: clinicians, complaints, times, amounts."""

from functools import cache
from itertools import combinations, permutations
from typing import Any

Slots = dict[str, Any]
Bank = dict[str, list[Slots]]

# The commonest comes first: see skewed().
COMPLAINTS = {
    "english": "lower back pain|knee pain after a fall|a rotator cuff strain|neck pain|sciatica|"
    "a frozen shoulder|an ankle sprain|plantar fasciitis|tennis elbow|a torn meniscus|hip bursitis|"
    "a herniated disc|vertigo|whiplash|osteoarthritis of the knee|carpal tunnel syndrome|a pinched "
    "nerve|Achilles tendinitis|TMJ pain|shin splints|spinal stenosis|pelvic floor weakness|balance "
    "problems after a stroke|golfer's elbow|patellofemoral pain|gluteal tendinopathy|piriformis "
    "syndrome|a labral tear|iliotibial band syndrome|lymphedema|cervicogenic headaches|de "
    "Quervain's tenosynovitis|thoracic outlet syndrome|costochondritis|a Colles fracture|"
    "spondylolisthesis|Dupuytren's contracture|Bell's palsy",
    "spanish": "dolor lumbar|dolor de rodilla tras una caída|ciática|rigidez de cuello tras un "
    "choque|hombro congelado|fascitis plantar|un esguince de tobillo|codo de tenista|una hernia "
    "discal|vértigo|bursitis de cadera|una rotura de menisco|síndrome del túnel carpiano|"
    "tendinitis del manguito rotador|artrosis de rodilla|una contractura cervical",
    "russian": "боль в пояснице|боль в колене после падения|боль в плече|скованность в шее после "
    "аварии|головокружение|боль в пятке|онемение в руке|боль в тазобедренном суставе|боль после "
    "операции на мениске|слабость в ноге после инсульта",
}
CHILDREN_COMPLAINTS = {
    "english": "an ankle sprain|knee pain after soccer|shin splints|scoliosis|a broken wrist|"
    "Osgood-Schlatter disease|Sever's disease|gymnast's wrist|a torn ligament in the knee|"
    "Little League elbow|a growth-plate injury|hypermobility",
    "spanish": "un esguince de tobillo|dolor de rodilla por el fútbol|escoliosis|una fractura de "
    "muñeca|dolor en el talón",
    "russian": "боль в колене после футбола|боль в голеностопе|сколиоз|боль в запястье",
}
REASONS = {
    "english": "a work meeting|car trouble|a dentist appointment|a family gathering|a bad cold|"
    "a late shift|jury duty|a parent-teacher conference|an eye exam|a funeral|a house move|"
    "a canceled bus line|a graduation party|a school play|a burst pipe at home",
    "spanish": "una reunión de trabajo|un problema con el auto|una cita con el dentista|un "
    "compromiso familiar|un turno extra|un resfriado fuerte|una mudanza",
    "russian": "совещание на работе|сломалась машина|визит к стоматологу|семейный праздник|"
    "родительское собрание|дополнительная смена|переезд",
}
CHILDREN_REASONS = {
    "english": "a math exam|a soccer tournament|a band rehearsal|a school trip|a bad cold|an "
    "orthodontist appointment|a swim meet|a spelling bee|a birthday party",
    "spanish": "un examen en la escuela|un torneo de fútbol|una excursión de la escuela|una cita "
    "con el ortodoncista",
    "russian": "контрольная в школе|соревнования|экскурсия с классом|визит к ортодонту",
}
WORDS = {
    "english": {
        "clinician": "Dr. Rivera|Dr. Lindqvist|Dr. Okafor|Dr. Hartmann|Dr. Banerjee|Dr. Castellano|"
        "Dr. Kim|Dr. Moreau|Dr. Sandoval|Dr. Abernathy",
        "part": "left knee|right shoulder|lower back|neck|right knee|left shoulder|right hip|left "
        "ankle|right wrist|left hip|upper back|right elbow|left foot|right hamstring|left calf|jaw",
        "span": "two weeks|three weeks|ten days|a month|five weeks",
        "shop": "the dental office next door|a pizzeria|the DMV|a nail salon|a tire shop|a florist|"
        "the animal hospital|Paloma's Bakery|a locksmith|a driving school",
        "pitch": "solar panels|business loans|extended car warranties|search-engine ranking|"
        "credit-card processing|cheaper electricity|health-care staffing|a free cruise|window "
        "cleaning|medical waste pickup",
        "supply": "linens|resistance bands|bottled water|treatment tables|ultrasound gel|printer "
        "paper|exercise balls|kinesiology tape",
        "item": "a blue water bottle|a knee brace|a pair of reading glasses|a gray cardigan|a set "
        "of car keys|an umbrella|a phone charger|a child's sneaker|a paperback|a hearing aid case",
    },
    "spanish": {
        "clinician": "el Dr. Rivera|la Dra. Lindqvist|el Dr. Okafor|la Dra. Hartmann|la Dra. "
        "Banerjee|el Dr. Castellano|la Dra. Kim|la Dra. Moreau|el Dr. Sandoval|la Dra. Abernathy",
        "part": "la rodilla izquierda|el hombro derecho|la zona lumbar|el cuello|la rodilla "
        "derecha|la cadera|el tobillo izquierdo|la muñeca derecha|el codo",
        "span": "dos semanas|tres semanas|diez días|un mes",
        "shop": "el consultorio dental|una pizzería|una florería|un taller mecánico|una lavandería",
        "pitch": "paneles solares|préstamos para negocios|un crucero gratis|un seguro de auto",
    },
    "russian": {
        "clinician": "Линдквист|Хартманн|Банерджи|Ким|Моро|Эбернати",
        "part": "колене|плече|пояснице|шее|бедре|запястье|локте|стопе|спине",
        "span": "две недели|три недели|десять дней|месяц",
        "shop": "аптеку|пиццерию|стоматологию|автосервис|салон красоты",
        "pitch": "солнечные панели|кредит для бизнеса|бесплатный круиз|дешёвая электроэнергия",
    },
}
EVERYWHERE = {
    "surgeon": "Dr. Osei|Dr. Whitcombe|Dr. Marchetti|Dr. Ferreira|Dr. Nakagawa|Dr. Stavros|"
    "Dr. Delacroix|Dr. Vanterpool|Dr. Achterberg|Dr. Quigley|Dr. Zielinski|Dr. Mbeki",
    "insurer": "Blue Harbor Health|Tidewater Mutual|Copperleaf Health Plan|Larkspur Assurance|"
    "Redwood Trail Health|Silver Birch Insurance|Juniper Mutual|Kestrel Health|Fernway HMO|"
    "Old Mill Mutual|Brightwater Care|Quillback Benefit",
    "street": "Maple Street|Foundry Road|Alder Avenue|Juniper Lane|Harbor Street",
    "vendor": "Halcyon Supply|Ostrander & Sons|Pinebrook Wholesale|Tamarack Trading|Velasco Supply|"
    "Northgate Distributors|Bluestem Goods",
    "copay": "$20|$25|$30|$35|$40|$50",
    "code": "97110|97140|97112|97530|97161|97162|97035|20560",
    "minutes": "10|15|20|25",
}
WEEKDAYS = {
    "english": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
    "spanish": "lunes|martes|miércoles|jueves|viernes|sábado|domingo",
    # Accusative, as after a preposition of direction.
    "russian": "понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье",
}
FROM_WEEKDAY = {
    "понедельник": "с понедельника",
    "вторник": "со вторника",
    "среду": "со среды",
    "четверг": "с четверга",
    "пятницу": "с пятницы",
}
LANGUAGES = tuple(WORDS)


def on_weekday(weekday: str) -> str:
    return f"во {weekday}" if weekday == "вторник" else f"в {weekday}"


def skewed(name: str, words: str) -> list[Slots]:
    """Repeats the first words often and the last ones hardly, as in living language."""
    options = words.split("|")
    return [{name: word} for at, word in enumerate(options) for _ in range(12 // (at + 1) + 1)]


def evenly(name: str, words: str) -> list[Slots]:
    return [{name: word} for word in words.split("|")]


def weekday_pairs(language: str) -> list[Slots]:
    names = WEEKDAYS[language].split("|")[:5]
    pairs: list[Slots] = [{"day": one, "other_day": two} for one, two in permutations(names, 2)]
    for pair in pairs:
        earlier, later = sorted(pair.values(), key=names.index)
        pair["both_days"] = f"{earlier}s and {later}s"
    if language == "russian":
        for pair in pairs:
            day, other_day = pair["day"], pair["other_day"]
            pair |= {"on_day": on_weekday(day), "on_day_cap": on_weekday(day).capitalize()}
            pair |= {"on_other_day": on_weekday(other_day), "from_day": FROM_WEEKDAY[day]}
    return pairs


def clock(language: str, minute: int) -> str:
    hour, rest = divmod(minute, 60)
    if language == "russian":
        return f"{hour}:{rest:02d}"
    shown = f"{hour if hour < 13 else hour - 12}:{rest:02d}"
    if language == "english":
        return f"{shown} {'a.m.' if hour < 12 else 'p.m.'}"
    article = "a la" if hour in (1, 13) else "a las"
    return f"{article} {shown} de la {'mañana' if hour < 12 else 'tarde'}"


def time_pairs(language: str) -> list[Slots]:
    starts = [clock(language, minute) for minute in range(8 * 60, 17 * 60 + 1, 45)]
    # At the end of a sentence "a.m." has its full stop already.
    return [
        {
            "time": one,
            "time_end": f"{one.rstrip('.')}.",
            "other_time": two,
            "other_time_end": f"{two.rstrip('.')}.",
        }
        for one, two in combinations(starts, 2)
    ]


def series(language: str) -> list[Slots]:
    counts = (4, 6, 6, 8, 8, 10, 12, 3, 2)
    if language != "russian":
        return [{"n": n} for n in counts]
    return [{"n": n, "n_sessions": f"{n} {'сеанса' if n < 5 else 'сеансов'}"} for n in counts]


def plans() -> list[Slots]:
    return [{"left": left, "plan": n} for n in (6, 8, 10, 12, 16, 20, 24) for left in (2, 3, 4, 5)]


def amounts() -> list[Slots]:
    return [{"amount": f"${15 + at * 7919 % 48500 / 100:.2f}"} for at in range(400)]


def references() -> list[Slots]:
    letters = "ABCDEFGHKLMNPRSTUVWXYZ"
    return [
        {"reference": f"{letters[at % 22]}{letters[at // 22 % 22]}-{10000 + at * 7919 % 90000}"}
        for at in range(4000)
    ]


@cache
def words_of(language: str, child: bool) -> Bank:
    """Everything but the dates: groups of slots, each with its equally likely fillings."""
    complaints = CHILDREN_COMPLAINTS if child else COMPLAINTS
    reasons = CHILDREN_REASONS if child else REASONS
    bank = {name: evenly(name, words) for name, words in EVERYWHERE.items()}
    bank |= {name: skewed(name, words) for name, words in WORDS[language].items()}
    bank["clinician"] = evenly("clinician", WORDS[language]["clinician"])
    bank |= {
        "complaint": skewed("complaint", complaints[language]),
        "reason": skewed("reason", reasons[language]),
        "days": weekday_pairs(language),
        "times": time_pairs(language),
        "series": series(language),
        "plans": plans(),
        "amount": amounts(),
        "reference": references(),
    }
    if language == "spanish":
        for slots in bank["clinician"]:
            article, _, name = slots["clinician"].partition(" ")
            slots["clinician_cap"] = f"{article.capitalize()} {name}"
    if language == "russian":
        for slots in bank["insurer"]:
            slots["insurer"] = f"компания «{slots['insurer']}»"
    return bank
