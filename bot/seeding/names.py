"""First and last names as they are common in Kosovo, Albanian and Serbian."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    first: tuple[str, ...]
    last: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ALBANIAN = Names(
    first=_words(
        """Agim Arben Ardian Arta Arbër Albulena Afërdita Agnesa Ajshe Alban Albana Anita Ardita Argjend
        Artan Avni Bajram Bardh Behar Bekim Besa Besart Besim Besnik Blerim Blerina Blerta Burim Dafina
        Dardan Donjeta Dren Drilon Drita Driton Edona Egzon Elira Elvira Endrit Enver Erblin Ermira Erza
        Fadil Fatime Fatmir Fatos Fitim Fisnik Flaka Flamur Florent Florije Gazmend Gent Gëzim Granit
        Hajrije Hamdi Hasan Hava Hysen Ibrahim Ilir Isa Ismet Jehona Jeta Jeton Kaltrina Korab Kujtim
        Labinot Leonora Liridon Liridona Lulzim Luljeta Lumturije Majlinda Mehmet Mentor Mërgim Mimoza
        Mirjeta Mustafë Naim Naser Nexhmije Nora Osman Petrit Qëndresa Qendrim Ramadan Remzije Rinor
        Rrahim Rrezarta Sabri Safet Sanije Selim Shaban Shemsi Shkëlqim Shkurte Shpend Shpresa Shqipe
        Skënder Sofije Sokol Syzana Teuta Trim Ukshin Valbona Valdete Valon Vjollca Vlora Xhavit Xhevdet
        Ylber Yllka Zana Zejnepe Zenel Zymer"""
    ),
    last=_words(
        """Abazi Ademi Ahmeti Aliu Asllani Avdiu Bajrami Bajraktari Bekteshi Beqiri Berisha Bytyqi Çeku
        Dauti Demiri Dervishi Elezi Elshani Fazliu Ferati Fetahu Gashi Gjocaj Haliti Halimi Haradinaj
        Hasani Haxhiu Hoti Hoxha Hyseni Ibrahimi Idrizi Imeri Islami Ismajli Jakupi Jashari Kabashi
        Kastrati Kelmendi Krasniqi Kryeziu Kurteshi Kurti Latifi Leka Limani Lluka Maliqi Maloku Maxhuni
        Mehmeti Morina Mulliqi Murati Musliu Mustafa Nimani Nuhiu Osmani Pllana Preniqi Qerimi Ramadani
        Rama Rashiti Rexhaj Rexhepi Rrustemi Rugova Sadiku Salihu Selimi Shabani Shala Shehu Sopaj
        Spahiu Syla Sylejmani Tahiri Thaçi Ukaj Vllasaliu Veliu Veseli Xhemajli Ymeri Zeka Zeneli Zogaj"""
    ),
)

SERBIAN = Names(
    first=_words(
        """Aleksandar Aleksandra Ana Anđela Bojan Bojana Bogdan Boško Branislav Branka Danica Danijela
        Dejan Dimitrije Dragan Dragana Dragica Dušan Đorđe Filip Goran Gordana Igor Ivan Ivana Jasmina
        Jelena Jovan Jovana Katarina Ljiljana Ljubiša Lazar Maja Marija Marko Mihajlo Mila Milan Milena
        Milica Miloš Miodrag Mirjana Mladen Nada Nataša Nebojša Nemanja Nenad Nevena Nikola Novica
        Olivera Petar Predrag Radmila Radoš Ružica Sanja Saša Slađana Slaviša Slavica Slobodan Snežana
        Sofija Srđan Stanko Stefan Stojan Suzana Svetlana Tamara Tijana Vesna Vladimir Vojislav Vuk
        Zoran Zorica Željko Živko Žarko"""
    ),
    last=_words(
        """Anđelković Antić Arsić Bogdanović Božović Cvetković Čukarić Dančetović Denić Dimić Đokić
        Đorđević Filipović Grujić Ilić Ivanović Jakšić Janićijević Jevtić Jovanović Jovičić Kostić
        Krstić Lazić Lazarević Lukić Maksimović Marković Milenković Milić Milosavljević Milovanović
        Mitrović Nedeljković Nikolić Novaković Pavlović Perić Petković Petrović Popović Radić
        Radosavljević Radovanović Ristić Savić Simić Simonović Spasić Stanković Stevanović Stojanović
        Stojković Šarić Todorović Tomić Trajković Vasić Veljković Vlašković Vučinić Vuković Zdravković
        Živić Živković"""
    ),
)

#: Those who live here with another country's papers.
FOREIGN = Names(
    first=("Anna", "Besnik", "Daniela", "Emre", "Giulia", "Hans", "Lea", "Marco", "Mehmet", "Sophie", "Tom"),
    last=(
        "Bauer",
        "Demir",
        "Fischer",
        "Keller",
        "Kovač",
        "Meier",
        "Novak",
        "Rossi",
        "Schmid",
        "Smith",
        "Yılmaz",
    ),
)
