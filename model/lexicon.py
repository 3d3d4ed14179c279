"""What bait says, in seventeen languages: word beginnings, matched on normalised text.

The learned views know far more; these lists exist so that a few signals have a name that can be
shown to people. Each phrase starts at a word's beginning and may end inside a word, which covers
inflection; scripts without blanks match anywhere.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from model.normalize import normalize

# By the kind of thing that is said: phrases separated by '|' or line breaks.
_PHRASES = {
    "call_to_action": """
    watch now|watch here|watch movie|watch full|watch online|watch live|watch free|watch it here
    click to watch|click here|tap here|press here|click below|click the|stream now|stream here
    download now|download here|download link|download free|free download|get it now|get it here
    get access|get started|claim now|claim your|claim here|unlock now|unlock the|continue here
    continue to|continue reading|join now|sign up free|start watching|play now|verify now|go to
    install now|activate now|redeem
    ver ahora|ver aqui|ver online|ver gratis|mira ahora|haz clic|haga clic|pincha aqui|descarga
    descargar|reclama|accede ahora|entra aqui|desbloquea
    assista agora|assista aqui|assistir online|assistir gratis|clique aqui|baixe|baixar|resgate
    regarder maintenant|regardez|cliquez ici|voir ici|telecharge|reclamez|debloquez|accedez
    jetzt ansehen|jetzt anschauen|jetzt streamen|hier ansehen|hier klicken|klicke hier|klicken sie
    jetzt herunterladen|herunterladen|jetzt sichern|freischalten|hier entlang
    guarda ora|guarda qui|guarda online|clicca qui|scarica|riscatta|sblocca|accedi ora
    bekijk nu|bekijk hier|kijk nu|kijk hier|klik hier|download nu|claim nu|ontgrendel
    obejrzyj|ogladaj|kliknij|pobierz|odbierz|odblokuj
    hemen izle|simdi izle|şimdi izle|buradan izle|tikla|tıkla|indir|hemen al|kilidi ac|kilidi aç
    смотреть онлайн|смотреть бесплатно|смотри|нажми|жми|скачать|скачай|получить|получи|забрать
    перейти|открыть доступ
    شاهد الان|شاهد الآن|مشاهدة|اضغط هنا|انقر هنا|حمل الان|تحميل|احصل على|افتح
    अभी देखें|यहाँ देखें|यहां देखें|यहाँ क्लिक|यहां क्लिक|क्लिक करें|डाउनलोड|प्राप्त करें|अनलॉक
    tonton sekarang|nonton|klik di sini|klik disini|unduh|download sekarang|klaim|buka kunci
    xem ngay|xem tại|xem phim|bấm vào|nhấn vào|click vào|tải ngay|tải về|tải xuống|nhận ngay|mở khóa
    지금 보기|바로 보기|바로보기|다시보기|무료보기|여기를 클릭|클릭하|다운로드|받기|잠금 해제
    今すぐ見る|今すぐ視聴|視聴する|ここをクリック|こちらをクリック|クリックして|ダウンロード|受け取る|ロック解除
    立即观看|在线观看|点击观看|点击这里|点击此处|点此|立即下载|免费下载|下载|立即领取|领取|解锁
    立即觀看|線上看|點擊|立即下載|領取|解鎖
    """,
    "unnamed_destination": """
    our partner|partner site|partner website|partner page|partner link|official link|mirror link
    external site|external link|third party player|link below|button below|link in bio
    link in description|secure server|our sponsor|server 1|server 2|player 1|player 2|direct link
    sitio asociado|sitio socio|pagina asociada|enlace de abajo|enlace oficial|servidor externo
    site parceiro|link abaixo|link oficial|botao abaixo
    site partenaire|notre partenaire|lien ci-dessous|bouton ci-dessous|lien officiel
    partnerseite|unserem partner|link unten|button unten|externen seite
    sito partner|nostro partner|link qui sotto|link ufficiale|pulsante qui sotto
    partnersite|onze partner|link hieronder|knop hieronder
    strona partnera|stronie partnera|naszego partnera|link ponizej|linku ponizej|przycisk ponizej
    partner site|ortak site|asagidaki link|aşağıdaki link|aşağıdaki bağlantı|asagidaki baglanti
    сайте партнера|сайт партнера|партнерском сайте|ссылке ниже|ссылка ниже|кнопку ниже|зеркало
    موقع شريك|الموقع الشريك|موقعنا الشريك|الرابط أدناه|الرابط ادناه|الرابط التالي|الزر أدناه
    पार्टनर साइट|पार्टनर वेबसाइट|साझेदार साइट|नीचे दिए गए लिंक|नीचे दिए लिंक|नीचे दिए बटन
    situs partner|situs mitra|tautan di bawah|link di bawah|tombol di bawah
    trang đối tác|trang web đối tác|liên kết bên dưới|link bên dưới|nút bên dưới|đường dẫn bên dưới
    파트너 사이트|제휴 사이트|아래 링크|아래 버튼|공식 링크
    パートナーサイト|提携サイト|下のリンク|以下のリンク|下のボタン|公式リンク
    合作网站|合作伙伴网站|合作站点|下方链接|以下链接|下面的链接|下方按钮|官方链接
    合作網站|下方連結|以下連結|下方按鈕
    """,
    "disclaimer": """
    hosted on a|hosted on third|hosted elsewhere|hosted by third|hosted externally
    not host any|do not host|does not host|not store any|do not store|does not store
    non-affiliated|not affiliated|no affiliation|educational purpose|all rights to their
    for promotional purposes|not responsible for the content|third-party site|external provider
    no almacena|no aloja|alojado en|no nos hacemos responsables|fines educativos
    nao hospeda|não hospeda|hospedado em|hospedados em|fins educacionais|nao armazena|não armazena
    n'heberge|n’héberge|n'héberge|heberge sur|hébergé sur|hébergés|fins educatives|fins éducatives
    gehostet|nicht gehostet|keine dateien|bildungszwecke|nicht verantwortlich
    non ospita|ospitato su|ospitati su|scopi educativi|scopo educativo
    gehost op|gehost door|niet gehost|educatieve doeleinden
    hostowane|hostowany|nie przechowuje|nie hostuje|cele edukacyjne|celach edukacyjnych
    barındır|barindir|eğitim amaç|egitim amac|sunucumuzda
    не хранит|не размеща|размещен на сторон|размещён на сторон|ознакомительных целях
    لا يستضيف|مستضاف|لا نستضيف|لأغراض تعليمية|لاغراض تعليمية
    होस्ट|शैक्षिक उद्देश्य
    tidak menyimpan|tidak menghosting|dihosting|tujuan edukasi|tujuan pendidikan
    không lưu trữ|được lưu trữ|mục đích giáo dục|mục đích học tập
    호스팅|저장하지 않|교육 목적
    ホスティング|ホストされ|保存していません|教育目的
    托管于|托管在|不存储|不儲存|仅供学习|僅供學習|教育目的
    """,
    "pressure": """
    hurry|limited time|only today|last chance|before it's gone|before it is removed|expires in
    expire in|spots left|remaining|act now|don't miss|do not miss|ending soon|offer ends|seconds ago
    sec ago|minutes ago|people are watching|users online|just claimed|congratulations
    you have been selected|you are the|winner
    date prisa|tiempo limitado|solo hoy|ultima oportunidad|última oportunidad|felicidades|ganador
    corra|tempo limitado|so hoje|só hoje|ultima chance|última chance|parabens|parabéns|ganhador
    depechez|dépêchez|temps limite|temps limité|derniere chance|dernière chance|felicitations
    félicitations|gagnant
    nur heute|nur noch|letzte chance|begrenzte zeit|beeilen|herzlichen gluckwunsch
    herzlichen glückwunsch|gewonnen
    affrettati|tempo limitato|solo oggi|ultima possibilita|ultima possibilità
    congratulazioni|vincitor
    haast je|alleen vandaag|laatste kans|beperkte tijd|gefeliciteerd|winnaar
    pospiesz|pośpiesz|tylko dzis|tylko dziś|ostatnia szansa|gratulacje|ograniczony czas
    acele et|sinirli sure|sınırlı süre|son sans|son şans|tebrikler|sadece bugun|sadece bugün|kazanan
    спеши|только сегодня|последний шанс|ограничен|поздравля|победител|осталось
    أسرع|لفترة محدودة|اليوم فقط|فرصة أخيرة|مبروك|تهانينا|فائز
    जल्दी करें|सीमित समय|केवल आज|आखिरी मौका|बधाई|विजेता
    buruan|segera|waktu terbatas|hari ini saja|kesempatan terakhir|selamat!|pemenang
    nhanh lên|nhanh tay|thời gian có hạn|chỉ hôm nay|cơ hội cuối|chúc mừng|người thắng
    서두르|한정|오늘만|마지막 기회|축하합니다|당첨
    お急ぎ|期間限定|本日限り|今日だけ|最後のチャンス|おめでとう|当選|残りわずか
    赶快|限时|仅限今天|最后机会|恭喜|中奖|即将结束|剩余
    趕快|限時|最後機會
    """,
    "offer": """
    free|full movie|full hd|1080p|in 4k|4k video|no registration|no sign up|no survey
    without registration
    unlimited|generator|hack|mod apk|crack|keygen|serial key|activator|giveaway|gift card
    cracked|premium|unreleased|leaked|full version|full episode|live stream
    gratis|gratuit|gratuito|kostenlos|umsonst|sin registro|sem cadastro|sans inscription
    ohne anmeldung|ohne registrierung|senza registrazione|zonder registratie|bez rejestracji
    za darmo|darmowy|darmowe|ucretsiz|ücretsiz|bedava|kayit olmadan|kayıt olmadan|hile
    бесплатно|без регистрации|взлом|полная версия|кряк|مجان|بدون تسجيل|مهكر|كامل
    मुफ्त|मुफ़्त|फ्री|बिना रजिस्ट्रेशन|फुल मूवी|tanpa daftar|tanpa registrasi|miễn phí|không cần đăng ký
    무료|가입 없이|회원가입 없이|풀버전|크랙|無料|登録不要|会員登録なし|フル動画
    免费|無需註冊|无需注册|破解|完整版|高清|免費
    """,
    "warning": """
    scam|phishing|fraud|fake site|beware|do not click|don't click|never click|malware|report it|spam
    estafa|fraude|cuidado con|golpe|arnaque|hameconnage|hameçonnage|mefiez|méfiez|betrug|vorsicht
    warnung|truffa|attenzione a|oplichting|pas op|waarschuwing|oszustw|uwaga na|dolandir|dolandır
    sahte|dikkat edin|мошен|фишинг|осторожно|احتيال|احذر|تصيد|धोखाधड़ी|ठगी|सावधान|penipuan|waspada
    lừa đảo|cảnh báo|giả mạo|사기|피싱|주의하|詐欺|フィッシング|注意喚起|偽サイト|诈骗|钓鱼
    警惕|詐騙|釣魚
    """,
}

_WORD = re.compile(r"\w+")
_NO_BLANKS = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BEGINNING = 3  # characters by which the few phrases that can stand at a word are found


def count_phrases(text: str) -> Counter[str]:
    """Count what a normalised text says, by kind; one pass, linear in the text.

    A kind that is not said is no key.
    """
    counts: Counter[str] = Counter()
    starts = [word.start() for word in _WORD.finditer(text)]
    for start in [n for n in starts if text[n : n + _BEGINNING] in _AT_WORDS]:
        for kind, phrases in _AT_WORDS[text[start : start + _BEGINNING]]:
            if phrases.match(text, start):
                counts[kind] += 1
    if _NO_BLANKS.search(text):
        for kind, phrases in _ANYWHERE:
            if found := sum(1 for _ in phrases.finditer(text)):
                counts[kind] += found
    return counts


def _phrases_of(kind: str) -> Iterator[str]:
    for part in re.split(r"[|\n]", _PHRASES[kind]):
        if part.strip():
            yield normalize(part.strip())


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(p) for p in sorted(phrases, key=len, reverse=True)))


def _at_words() -> Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    """Gather the phrases of scripts with blanks by how they begin."""
    gathered: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for kind in _PHRASES:
        for phrase in _phrases_of(kind):
            if not _NO_BLANKS.search(phrase):
                gathered[phrase[:_BEGINNING]][kind].append(phrase)
    return {
        beginning: tuple((kind, _any_of(phrases)) for kind, phrases in kinds.items())
        for beginning, kinds in gathered.items()
    }


_AT_WORDS = _at_words()
_ANYWHERE = tuple(
    (kind, _any_of(p for p in _phrases_of(kind) if _NO_BLANKS.search(p))) for kind in _PHRASES
)
