import pytest

from storage.parameters import numbered


def test_names_are_numbered_in_their_order_and_each_once() -> None:
    sql = "update t set a = :a, b = :b where a = :a and c < :c_2"
    assert numbered(sql) == ("update t set a = $1, b = $2 where a = $1 and c < $3", ("a", "b", "c_2"))


@pytest.mark.parametrize(
    "sql",
    [
        "select 1",
        "select x::text, y ::bigint from t",
        "select ':a', 'it''s :a', '' from t",
        'select ":a", "a"":a" from t',
        "select 1 -- no :a here",
        "select /* nor :a\n :b */ 1",
    ],
)
def test_a_colon_that_begins_no_name_stays(sql: str) -> None:
    assert numbered(sql) == (sql, ())


def test_a_name_may_be_cast_and_stand_beside_anything() -> None:
    sql = "select (:a::text || ':b'),:b+1"
    assert numbered(sql) == ("select ($1::text || ':b'),$2+1", ("a", "b"))
