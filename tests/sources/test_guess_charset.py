"""Bytes that name no charset are read in the one that makes words of them."""

from __future__ import annotations

import pytest

from subak.sources.decode_text import decode_text
from subak.sources.guess_charset import guess_charset

# None of these sentences was used to set a figure of the model.
SENTENCES = (
    ("cp1252", "Der Bürgermeister eröffnete gestern die neue Brücke über den Fluß."),
    (
        "cp1252",
        "Les impôts locaux ont baissé l’an dernier grâce à une réforme très sévère.",
    ),
    (
        "cp1252",
        "El alcalde visitó la nueva estación; mañana habrá más trenes según él.",
    ),
    ("cp1252", "O governo não irá alterar as contribuições até à próxima sessão."),
    ("cp1252", "Skatteverket höjer avgiften för småföretag från och med nästa år."),
    ("cp1252", "Il sindaco annunciò che la città pagherà perché è più equo così."),
    ("iso8859-2", "Podatnicy mogą złożyć zeznanie przez internet, także późną nocą."),
    ("cp1250", "Podatnicy będą musieli zapłacić wyższą składkę już w święta."),
    ("cp1250", "Daňový úřad prodloužil lhůtu pro podání přiznání o měsíc."),
    ("iso8859-2", "Řidiči budou platit vyšší poplatek za užívání dálnic."),
    ("cp1250", "Az adóhatóság meghosszabbította a bevallás benyújtásának határidejét."),
    ("cp1251", "Налоговая служба продлила срок подачи декларации на один месяц."),
    ("koi8-r", "Пассажиры смогут вернуть билеты без дополнительной платы."),
    ("iso8859-5", "Городские власти обещают отремонтировать мост к осени."),
    ("cp1251", "Жителі міста зможуть отримати довідку через інтернет."),
    ("cp1253", "Η εφορία παρέτεινε την προθεσμία για την υποβολή των δηλώσεων."),
    ("cp1254", "Vergi dairesi beyanname süresini bir ay uzattığını duyurdu."),
    ("cp1255", "רשות המסים האריכה את המועד להגשת הדוחות בחודש נוסף."),
    ("cp1256", "مددت مصلحة الضرائب مهلة تقديم الإقرارات شهرا إضافيا."),
    ("cp1257", "Mokesčių inspekcija pratęsė deklaracijų pateikimo terminą mėnesiui."),
    ("cp874", "กรมสรรพากรขยายเวลายื่นแบบแสดงรายการภาษีออกไปอีกหนึ่งเดือน"),
    ("cp932", "税務署は申告の期限を一か月延長すると明らかにした。"),
    ("euc_jp", "市役所は窓口の受付時間を午後七時まで延ばすことを決めた。"),
    ("gb18030", "税务局宣布将申报期限延长一个月，市民可以在网上办理。"),
    ("big5", "稅務局宣布將申報期限延長一個月，市民可以在網上辦理。"),
    ("cp949", "국세청은 신고 기한을 한 달 연장한다고 밝혔다."),
)
PAGE = "<html><head><title>News</title></head><body><p>In short: {}</p></body></html>"


@pytest.mark.parametrize(("charset", "text"), SENTENCES)
def test_guess_charset_reads_a_sentence(charset: str, text: str) -> None:
    """One sentence without a declaration is enough."""
    body = PAGE.format(text).encode(charset)
    assert text in decode_text(body, "", where="x")


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("cp1252", "Größe"),
        ("cp1252", "naïve “café” señor €5"),
        ("iso8859-2", "Źródło część"),
        ("cp1251", "Новости: налоги"),
        ("koi8-r", "Новости: налоги"),
        ("cp932", "東京の天気"),
        ("gb18030", "北京天气预报"),
        ("big5", "臺北天氣預報"),
        ("cp949", "서울 날씨 예보"),
    ],
)
def test_guess_charset_reads_a_few_words(charset: str, text: str) -> None:
    """Two to a dozen bytes beyond ASCII are enough for words that are common."""
    assert text in decode_text(PAGE.format(text).encode(charset), "", where="x")


def test_guess_charset_most_short_pieces_are_read() -> None:
    """Pairs of words hold two or three bytes in some languages: 14 of 15 are right."""
    pieces = [
        (charset, f"{first} {second}")
        for charset, text in SENTENCES
        for first, second in zip(text.split(), text.split()[1:], strict=False)
        if not f"{first}{second}".isascii()
    ]
    right = [
        piece
        for charset, piece in pieces
        if piece in decode_text(PAGE.format(piece).encode(charset), "", where="x")
    ]
    assert len(pieces) > 100
    assert len(right) >= 0.93 * len(pieces)


def test_guess_charset_page_language_decides_between_likely_ones() -> None:
    """A page that names its language is read in a charset of that language."""
    word = "žák".encode("cp1250")  # "žák" or "žįk"
    page = b'<html lang="cs"><body>%s</body></html>' % word
    assert guess_charset(page) == "cp1250"


def test_guess_charset_weighs_a_default_of_servers() -> None:
    """A server's default yields to text that makes no sense in it."""
    text = "Министерство опубликовало новый список документов"
    body = PAGE.format(text).encode("cp1251")
    assert text in decode_text(body, "iso-8859-1", where="x")
    assert guess_charset("Größe".encode("cp1252"), "cp1252") == "cp1252"


def test_guess_charset_without_anything_beyond_ascii_guesses_nothing() -> None:
    """Plain ASCII needs no guess."""
    assert guess_charset(b"<p>plain</p>") == ""


@pytest.mark.parametrize("charset", ["windows-1251", "big5", "iso-8859-1"])
def test_decode_text_valid_utf_8_wins_over_what_is_said(charset: str) -> None:
    """No text in another charset is valid UTF-8 by chance."""
    assert "Größe" in decode_text("Größe für alle".encode(), charset, where="x")


def test_decode_text_body_cut_short_keeps_its_charset() -> None:
    """Half a character at the end doesn't turn the page into another language."""
    text = "세금 신고 기한을 한 달 연장한다고 밝혔다 " * 4
    cut = PAGE.format(text).encode("cp949").partition(b"</p>")[0].rstrip()[:-1]
    assert text[:40] in decode_text(cut, "euc-kr", where="x")
    assert text[:40] in decode_text(PAGE.format(text).encode()[:-40], "", where="x")
