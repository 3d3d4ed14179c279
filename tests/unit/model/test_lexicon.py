from __future__ import annotations

import time

import pytest

from model.lexicon import count_phrases
from model.normalize import normalize

# One phrase of each language, as people write it: with capitals, accents and points.
SAID = {
    "call_to_action": [
        "Watch Now", "Haz clic aquí", "Clique aqui", "Cliquez ici", "Jetzt ansehen", "Clicca qui",
        "Klik hier", "Kliknij tutaj", "Hemen izle", "Смотреть онлайн", "اضغط هنا", "यहाँ क्लिक करें",
        "Klik di sini", "Nhấn vào đây", "지금 보기", "今すぐ見る", "立即观看",
    ],
    "unnamed_destination": [
        "on our partner site", "en el sitio asociado", "no site parceiro", "sur un site partenaire",
        "auf der Partnerseite", "sul sito partner", "op de partnersite", "na stronie partnera",
        "aşağıdaki link", "на сайте партнёра", "الرابط أدناه", "पार्टनर साइट", "di situs mitra",
        "trang đối tác", "파트너 사이트", "提携サイト", "合作网站",
    ],
    "disclaimer": [
        "Content is hosted on a third server", "alojado en otro servidor", "hospedado em outro",
        "hébergés ailleurs", "Inhalte werden extern gehostet", "ospitati su altri", "gehost door",
        "hostowane gdzie indziej", "sunucumuzda bulunmaz", "не хранит файлы", "لا يستضيف", "होस्ट",
        "tidak menyimpan", "không lưu trữ", "호스팅", "ホスティング", "托管在",
    ],
    "pressure": [
        "Hurry", "última oportunidad", "Só hoje", "Dernière chance", "Nur heute", "Solo oggi",
        "Laatste kans", "Ostatnia szansa", "Son şans", "Спешите", "لفترة محدودة", "सीमित समय",
        "Waktu terbatas", "Chúc mừng", "오늘만", "本日限り", "限时",
    ],
    "offer": [
        "Free", "Sin registro", "Sem cadastro", "Gratuit", "Kostenlos", "Senza registrazione",
        "Zonder registratie", "Za darmo", "Ücretsiz", "Бесплатно", "مجاني", "मुफ़्त", "Tanpa daftar",
        "Miễn phí", "무료", "登録不要", "免费",
    ],
    "warning": [
        "a scam", "una estafa", "um golpe", "une arnaque", "Betrug", "una truffa", "oplichting",
        "oszustwo", "dolandırıcılık", "мошенники", "احتيال", "सावधान", "waspada", "lừa đảo", "사기",
        "詐欺", "诈骗",
    ],
}  # fmt: skip
PROSE = [
    "The second season has been on my mind since the rain stopped, and you have been patient.",
    "La segunda temporada me acompañó todo el otoño, con sus silencios y sus puertas cerradas.",
    "La deuxième saison prend son temps, et la lumière du port y joue le premier rôle.",
    "Die zweite Staffel lässt sich Zeit, und das Licht über dem Hafen spielt die Hauptrolle.",
    "Второй сезон никуда не торопится, и свет над гаванью играет в нём главную роль.",
    "第二季不慌不忙，港口的灯光才是主角。",
]


@pytest.mark.parametrize(
    ("name", "phrase"), [(name, phrase) for name, said in SAID.items() for phrase in said]
)
def test_each_list_knows_what_its_seventeen_languages_say(name, phrase):
    assert len(SAID[name]) == 17
    assert count_phrases(normalize(phrase))[name] > 0


@pytest.mark.parametrize("prose", PROSE)
def test_plain_prose_says_none_of_it(prose):
    assert count_phrases(normalize(prose)).total() == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("call_to_action", "stopwatch nowhere"),
        ("offer", "carefree and dutyfree"),
        ("warning", "the landscammer"),
        ("pressure", "a selected cast; the jury selected it"),
    ],
)
def test_a_phrase_begins_where_a_word_begins(name, text):
    assert count_phrases(normalize(text))[name] == 0


def test_a_phrase_covers_its_inflections():
    assert count_phrases(normalize("kostenlosen"))["offer"] == 1
    assert count_phrases(normalize("мошенников"))["warning"] == 1


def test_a_script_without_blanks_matches_inside_a_sentence():
    assert count_phrases(normalize("您可以立即观看全部内容"))["call_to_action"] == 1


@pytest.mark.parametrize("piece", ["watch ", "on our ", "不", "a ", "ab", "hosted on "])
def test_searching_costs_time_in_proportion_to_the_text(piece):
    text = piece * (100_000 // len(piece))
    started = time.process_time()
    count_phrases(text)
    assert time.process_time() - started < 2.0
