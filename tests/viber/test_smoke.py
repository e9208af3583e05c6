from tests.viber.program import Program


async def test_smoke(program: Program) -> None:
    v = program.visitor("en")
    await v.opens()
    print(v.phone.texts, v.phone.rows)
    await v.presses("English")
    print(v.news, v.phone.rows)
    for w in ("Skip", "menu", "estimate my bill", "done"):
        await v.says(w)
        print("----", w, v.news, v.phone.rows)
    print(program.fake.violations)
