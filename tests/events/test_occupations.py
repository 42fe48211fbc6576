"""The shipped occupation catalogue and its search."""

from collections import Counter

from contest.events import occupations


def test_the_catalogue_has_the_published_numbers_of_groups_and_occupations():
    assert Counter(line.level for line in occupations.catalogue()) == {1: 8, 2: 79, 3: 450, 4: 1639}


def test_no_code_occurs_twice_and_every_group_exists():
    codes = [line.code for line in occupations.catalogue()]
    assert len(set(codes)) == len(codes)
    assert [
        code for code in codes if "-" in code and occupations.occupation(code.rpartition("-")[0]) is None
    ] == []


def test_an_occupation_is_found_by_a_part_of_its_name():
    assert [(line.code, line.name) for line in occupations.search("人工智能训练师")] == [
        ("4-04-05-05", "人工智能训练师")
    ]


def test_a_name_that_is_the_text_comes_before_names_that_contain_it():
    assert [line.name for line in occupations.search("焊工")][0] == "焊工"


def test_an_occupation_is_found_by_pinyin_initials():
    assert "模具工" in [line.name for line in occupations.search("mjg")]
    assert occupations.search("rgznxls") == [occupations.Occupation("4-04-05-05", "人工智能训练师")]


def test_a_code_is_found_with_and_without_dashes():
    assert [line.name for line in occupations.search("6-18-04-01")] == ["模具工"]
    assert occupations.search("6180401") == occupations.search("6-18-04-01")


def test_groups_are_not_offered_as_trades():
    assert {line.level for line in occupations.search("人员", limit=2000)} == {4}


def test_an_empty_search_finds_nothing():
    assert occupations.search("  ") == []


def test_the_groups_above_a_code_are_told_widest_first():
    assert [line.code for line in occupations.groups_of("6-18-04-01")] == ["6", "6-18", "6-18-04"]
