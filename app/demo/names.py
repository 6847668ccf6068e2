"""The names that patients and strangers bear, by origin, and the area codes they call from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a name comes from; Russian names carry their Cyrillic spelling after a slash."""

    weight: int
    women: list[str]
    men: list[str]
    families: list[str]
    language: str = "english"


def names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


ORIGINS = [
    Origin(
        38,
        names(
            "Emma, Olivia, Grace, Hannah, Abigail, Claire, Lucy, Margaret, Dorothy, Evelyn, "
            "Ruth, Keisha, Aaliyah, Imani, Brianna, Chloë, Zoë, Renée, Joan, Beverly, "
            "Marlene, Faith, Constance, Harriet, Josephine, Paulette, Tamika, Audrey"
        ),
        names(
            "James, William, Henry, Noah, Ethan, Marcus, Darnell, Isaiah, Walter, George, "
            "Frank, Samuel, Owen, Caleb, Theodore, Raymond, Curtis, Lamar, Russell, Vernon, "
            "Jesse, Peter, Arthur, Leonard, Gregory, Nathaniel, Clarence, Desmond"
        ),
        names(
            "Smith, Johnson, Williams, Brown, Davis, Miller, Wilson, Anderson, Thompson, "
            "White, Harris, Clark, Lewis, Robinson, Walker, Young, King, Wright, Hill, Baker, "
            "Carter, Mitchell, Turner, Parker, Washington, Jefferson, Whitaker, Ellsworth, "
            "Fairbanks, Hathaway, St. Clair, Winterbourne, Drummond-Hayes, Pettibone, "
            "Ashworth, Bledsoe, Crenshaw, Dunleavy, Eastman, Fontenot, Goodwin, Holloway, "
            "Ingram, Kirkpatrick, Lockhart, Merriweather, Oglethorpe, Prescott, Rutherford, "
            "Sheffield, Thornhill, Underwood, Vandermeer, Yarborough"
        ),
    ),
    Origin(
        7,
        names("Siobhán, Niamh, Aoife, Saoirse, Bridget, Maeve, Kathleen"),
        names("Seán, Pádraig, Eoin, Declan, Brendan, Cormac, Finn"),
        names("O'Brien, O'Sullivan, Murphy, Kelly, O'Donnell, MacCárthaigh, Gallagher, O'Shea"),
    ),
    Origin(
        24,
        names(
            "María, Ana-Lucía, Guadalupe, Carmen, Sofía, Valentina, Inés, Rosa, Lucía, "
            "Ximena, Pilar, Marisol, Beatriz, Concepción, Graciela"
        ),
        names(
            "José, Luis, Jesús, Mateo, Ángel, Andrés, Raúl, Héctor, Joaquín, Tomás, Iván, "
            "Ramón, Óscar, Esteban, Julián"
        ),
        names(
            "García, Rodríguez, Martínez, Hernández, López, González, Pérez, Sánchez, "
            "Ramírez, Núñez, Peña, Ibáñez, Muñoz, Vásquez, De la Cruz, Quiñones, Echeverría, "
            "Zúñiga, Ordóñez, Castañeda"
        ),
        "spanish",
    ),
    Origin(
        9,
        names(
            "Irina/Ирина, Olga/Ольга, Svetlana/Светлана, Natalia/Наталья, Elena/Елена, "
            "Galina/Галина, Tatiana/Татьяна, Ludmila/Людмила, Ksenia/Ксения, Vera/Вера"
        ),
        names(
            "Ivan/Иван, Dmitri/Дмитрий, Sergei/Сергей, Alexei/Алексей, Boris/Борис, "
            "Mikhail/Михаил, Vladimir/Владимир, Pavel/Павел, Yuri/Юрий, Gennady/Геннадий"
        ),
        # A woman's form follows from a man's: see family_name().
        names(
            "Ivanov/Иванов, Petrov/Петров, Kuznetsov/Кузнецов, Smirnov/Смирнов, "
            "Volkov/Волков, Sokolov/Соколов, Morozov/Морозов, Lebedev/Лебедев, "
            "Vasiliev/Васильев, Orlov/Орлов, Shevchenko/Шевченко, Kravchenko/Кравченко, "
            "Nikitin/Никитин, Vorobyov/Воробьёв"
        ),
        "russian",
    ),
    Origin(
        4,
        names("Chiara, Giulia, Nicoletta, Francesca, Antonella, Rosalba"),
        names("Niccolò, Giancarlo, Luca, Enzo, Vittorio, Salvatore"),
        names("D'Angelo, Russo, Dell'Acqua, Esposito, De Santis, Lo Presti, Marchesi, Ferrante"),
    ),
    Origin(
        3,
        names("Françoise, Éloïse, Amélie, Geneviève, Solange, Thérèse"),
        names("François, Étienne, Benoît, Jérôme, Gaétan, Rémi"),
        names("Lefèvre, Bélanger, D'Aubigné, Gauthier, L'Heureux, Beauséjour"),
    ),
    Origin(
        4,
        names("Käthe, Ingrid, Annelise, Åsa, Solveig, Gudrun, Sølvi"),
        names("Jürgen, Søren, Matthias, Björn, Dietrich, Günther, Håkon"),
        names("Müller, Groß, Lindström, Ødegaard, van der Berg, Schröder, Kjærsgaard"),
    ),
    Origin(
        4,
        names("Zofia, Agnieszka, Małgorzata, Božena, Danuta, Jadwiga, Lenka"),
        names("Łukasz, Stanisław, Tomasz, Jiří, Wojciech, Zdeněk, Paweł"),
        names("Nowak, Wójcik, Dvořák, Kowalczyk, Szymańczyk, Novotny, Grabiec, Jabłoń"),
    ),
    Origin(
        4,
        names("Linh, Thảo, Ngọc, Kim Anh, Phương, Thu"),
        names("Minh, Đức, Tuấn, Bảo, Quang, Hiếu"),
        names("Nguyễn, Trần, Lê, Phạm, Đặng, Võ, Bùi"),
    ),
    Origin(
        4,
        names("Priya, Ananya, Lakshmi, Meera, Kavita, Shreya"),
        names("Arjun, Raj, Vikram, Sanjay, Anand, Rohan"),
        names("Patel, Raghunathan, Sharma, Iyer, Banerji, Krishnamurthy, Desai"),
    ),
    Origin(
        3,
        names("Ngozi, Adaeze, Folasadé, Amina, Chiamaka, Yewande"),
        names("Chinedu, Adébáyò, Kwame, Emeka, Olumide, Kofi"),
        names("Okonkwo, Adeyemi, N'Diaye, Mensah, Obi, Nwosu"),
    ),
    Origin(
        2,
        names("Özge, Elif, Zeynep, Ayşe"),
        names("Özgür, Çağlar, Emre, Barış"),
        names("Yıldırım, Şahin, Demirtaş, Öztürk, Gündoğan"),
    ),
    Origin(
        4,
        names("Mei, Xiu Ying, Li Na, Hui, Yan"),
        names("Wei, Jian, Hao, Zhi Ming, Jun"),
        names("Zhang, Chen, Huang, Liu, Zhao, Lin"),
    ),
    Origin(
        2,
        names("Ji-woo, Soo-jin, Eun-ji, Hye-won"),
        names("Min-jun, Hyun-woo, Seung-ho, Tae-yang"),
        names("Park, Choi, Kang, Yoon, Shin"),
    ),
    Origin(
        3,
        names("Fatima, Layla, Noor, Yasmin, Salma"),
        names("Omar, Yusuf, Karim, Tariq, Bilal"),
        names("Al-Masri, Haddad, Rahman, Chaudhry, El-Amin, Nasser"),
    ),
    Origin(
        1,
        names("Kailani, Leilani, Nohea"),
        names("Keoni, Makoa, Ikaika"),
        names("Kahananui, Ka'aihue, Kealoha"),
    ),
]

# The clinic's own neighbourhood comes first: most people call from there.
AREA_CODES = names(
    "212,718,917,646,347,929,332,914,516,631,201,551,973,862,203,475,860,732,848,908,609,856,845,"
    "518,315,607,585,716,570,610,484,215,267,717,814,412,724,878,302,410,443,240,301,202,703,571,"
    "804,757,540,434,276,304,681,617,857,781,339,978,351,508,774,413,401,603,802,207,919,984,336,"
    "704,980,828,910,252,803,843,864,404,678,770,470,912,706,762,478,229,305,786,954,754,561,407,"
    "321,813,727,941,239,352,386,904,850,863,772,205,251,256,334,601,662,228,504,985,225,318,337,"
    "501,870,479,615,629,901,731,865,423,931,502,859,606,270,216,440,330,234,614,740,513,937,419,"
    "567,317,812,219,260,574,765,312,773,872,708,630,331,847,224,815,779,309,217,618,313,248,947,"
    "734,810,586,517,616,269,231,989,906,414,262,608,920,715,534,612,651,763,952,507,218,320,515,"
    "319,563,641,712,314,636,573,417,660,816,913,785,316,620,402,531,308,701,605,406,307,303,720,"
    "719,970,801,385,435,208,505,575,602,480,623,520,928,702,725,775,213,323,310,424,818,747,626,"
    "562,714,657,949,951,909,760,442,619,858,805,661,559,209,831,408,669,415,628,510,341,925,650,"
    "707,916,530,503,971,541,458,206,253,425,360,564,509,808,907,214,469,972,945,817,682,940,903,"
    "430,254,512,737,210,726,830,361,956,713,281,832,346,409,936,979,325,432,806,915,405,572,580,"
    "918,539,787,939"
)
