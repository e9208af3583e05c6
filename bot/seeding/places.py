"""Where people live: the seven districts with their towns, by about how many live there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Town:
    """`serbian` is the share of Serbian households; the town is named as its people name it."""

    albanian_name: str
    serbian_name: str
    post_code: str
    weight: float
    serbian: float = 0.0


@dataclass(frozen=True, slots=True)
class District:
    code: str
    weight: float
    towns: tuple[Town, ...]


DISTRICTS = (
    District(
        "DPR",
        0.30,
        (
            Town("Prishtinë", "Priština", "10000", 60, 0.01),
            Town("Podujevë", "Podujevo", "11000", 13),
            Town("Fushë Kosovë", "Kosovo Polje", "12000", 10, 0.02),
            Town("Obiliq", "Obilić", "15000", 6, 0.05),
            Town("Drenas", "Glogovac", "13000", 8),
            Town("Graçanicë", "Gračanica", "10500", 5, 0.85),
        ),
    ),
    District(
        "DMI",
        0.14,
        (
            Town("Mitrovicë", "Mitrovica", "40000", 45, 0.01),
            Town("Vushtrri", "Vučitrn", "42000", 25, 0.01),
            Town("Skënderaj", "Srbica", "41000", 18),
            Town("Mitrovicë e Veriut", "Severna Mitrovica", "40000", 14, 0.92),
            Town("Zveçan", "Zvečan", "43000", 5, 0.97),
            Town("Leposaviq", "Leposavić", "44000", 6, 0.97),
            Town("Zubin Potok", "Zubin Potok", "43000", 3, 0.97),
        ),
    ),
    District(
        "DPE",
        0.12,
        (
            Town("Pejë", "Peć", "30000", 60, 0.02),
            Town("Klinë", "Klina", "32000", 20, 0.02),
            Town("Istog", "Istok", "31000", 20, 0.03),
        ),
    ),
    District(
        "DPZ",
        0.16,
        (
            Town("Prizren", "Prizren", "20000", 65),
            Town("Suharekë", "Suva Reka", "23000", 22),
            Town("Dragash", "Dragaš", "22000", 10),
        ),
    ),
    District(
        "DFE",
        0.11,
        (
            Town("Ferizaj", "Uroševac", "70000", 60),
            Town("Kaçanik", "Kačanik", "71000", 15),
            Town("Shtime", "Štimlje", "72000", 12),
            Town("Shtërpcë", "Štrpce", "73000", 6, 0.7),
        ),
    ),
    District(
        "DGL",
        0.10,
        (
            Town("Gjilan", "Gnjilane", "60000", 50, 0.01),
            Town("Kamenicë", "Kamenica", "62000", 16, 0.06),
            Town("Viti", "Vitina", "61000", 22, 0.01),
            Town("Ranillug", "Ranilug", "62000", 4, 0.92),
            Town("Partesh", "Parteš", "60000", 2, 0.97),
        ),
    ),
    District(
        "DGJ",
        0.07,
        (
            Town("Gjakovë", "Đakovica", "50000", 60),
            Town("Rahovec", "Orahovac", "21000", 25, 0.02),
            Town("Deçan", "Dečani", "51000", 18),
        ),
    ),
)

ALBANIAN_STREETS = (
    "Nënë Tereza", "Agim Ramadani", "Adem Jashari", "Skënderbeu", "Dëshmorët e Kombit", "Ismail Qemali",
    "Fehmi Agani", "Luan Haradinaj", "UÇK", "Ilir Konushevci", "Mbretëresha Teutë", "Isa Boletini",
    "Hasan Prishtina", "Zahir Pajaziti", "Rexhep Luci", "28 Nëntori", "Bill Klinton", "Garibaldi",
    "Sami Frashëri", "Naim Frashëri", "Migjeni", "Gjergj Fishta", "Lidhja e Prizrenit",
    "Abdyl Frashëri", "Jeta e Re", "Bardhosh", "Xhemajl Mustafa", "Ahmet Krasniqi", "Muharrem Fejza",
    "Tirana", "Ulpiana", "Dardania", "Kosta Novaku",
)  # fmt: skip

SERBIAN_STREETS = (
    "Kralja Petra I", "Cara Dušana", "Kneza Miloša", "Svetog Save", "Vuka Karadžića",
    "Kosovskih junaka", "Filipa Višnjića", "Čika Jovina", "Nemanjina", "Cara Lazara", "Lole Ribara",
    "Oslobođenja", "Vidovdanska", "Kneginje Milice", "Jug Bogdanova", "Dositeja Obradovića", "Nušićeva",
    "Sutjeska",
)  # fmt: skip
