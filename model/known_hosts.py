"""Hosts whose kind is known: where honest pages send people, and what hides an address.

Short lists, written for this project. An entry is a registrable domain, or ``name.*`` for a brand
that holds its name under the ordinary suffixes of many countries. What is on no list is neither
good nor bad.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

HostKind = Literal[
    "service",  # holds rights: streaming, broadcaster, cinema, tickets, league
    "store",  # shop or app store
    "code",  # code host, package registry, software project
    "reference",  # encyclopaedia, archive, catalogue, newspaper of record, public body
    "social",  # sharing and following
    "shortener",  # hides where it leads
    "locker",  # file locker, video locker, offer wall
    "free-host",  # anyone has a name here within a minute
]

_SERVICE = """
netflix.com primevideo.com hulu.com disneyplus.com hbomax.com max.com peacocktv.com
paramountplus.com crunchyroll.com mubi.com itv.com channel4.com channel5.com bbc.co.uk bbc.com
sky.* nowtv.com britbox.com tubitv.com pluto.tv roku.com plex.tv kanopy.com hoopladigital.com
criterionchannel.com criterion.com curiositystream.com vudu.com fandango.com fandangoathome.com
sling.com fubo.tv espn.com dazn.com nba.com nfl.com mlb.com nhl.com uefa.com fifa.com fia.com
formula1.com motogp.com premierleague.com laliga.com bundesliga.com legaseriea.it ligue1.com
wwe.com ufc.com olympics.com rolandgarros.com wimbledon.com nbcsports.com nbc.com abc.com cbs.com
cbssports.com fox.com foxsports.com pbs.org cbc.ca ctv.ca tsn.ca sportsnet.ca rte.ie abc.net.au
sbs.com.au stan.com.au binge.com.au kayosports.com.au tvnz.co.nz cnn.com aljazeera.com
youtube.com youtu.be vimeo.com dailymotion.com twitch.tv spotify.com deezer.com tidal.com
soundcloud.com bandcamp.com audible.* storytel.com rakuten.tv viki.com iq.com viu.com
zdf.de ardmediathek.de ard.de daserste.de ndr.de wdr.de arte.tv rtl.de rtlplus.de joyn.de
prosieben.de
sat1.de wowtv.de magenta.tv orf.at servustv.com srf.ch rts.ch
france.tv francetvinfo.fr tf1.fr canalplus.com canal-plus.com m6.fr 6play.fr molotov.tv
radiofrance.fr
rtve.es atresplayer.com movistarplus.es filmin.es mitele.es telecinco.es 3cat.cat ccma.cat
rtp.pt sic.pt tvi.iol.pt globo.com globoplay.com telecine.com.br looke.com.br sbt.com.br
televisa.com vix.com azteca.com caracoltv.com tyc.com tycsports.com
raiplay.it rai.it mediasetinfinity.mediaset.it mediaset.it la7.it nowtv.it chili.com
npostart.nl npo.nl nlziet.nl videoland.com rtl.nl nos.nl vrt.be vtmgo.be rtbf.be
tvp.pl player.pl polsatboxgo.pl polsat.pl canalplus.pl tvn.pl ninateka.pl
kinopoisk.ru ivi.ru okko.tv more.tv wink.ru start.ru premier.one 1tv.ru smotrim.ru matchtv.ru
blutv.com gain.tv puhutv.com exxen.com todtv.com.tr trtizle.com trt.net.tr beinsports.com
beinconnect.com.tr tabii.com shahid.net mbc.net osnplus.com starzplay.com watchit.com tod.tv
hotstar.com jiocinema.com sonyliv.com zee5.com altbalaji.com mxplayer.in sunnxt.com ddnews.gov.in
vidio.com mola.tv rcti.plus tvri.go.id fptplay.vn vieon.vn vtvgo.vn vtv.vn tv360.vn galaxyplay.vn
abema.tv unext.jp video.unext.jp tver.jp nhk.jp nhk.or.jp hulu.jp dmm.com bilibili.com youku.com
iqiyi.com mgtv.com v.qq.com qq.com cctv.com wavve.com tving.com coupangplay.com watcha.com
kbs.co.kr
imbc.com sbs.co.kr jtbc.co.kr
ticketmaster.* eventim.* eventbrite.* atomtickets.com odeon.co.uk cineworld.co.uk myvue.com
picturehouses.com everymancinema.com bfi.org.uk amctheatres.com regmovies.com cinemark.com
cinepolis.com cgv.co.kr cgv.vn cgv.id lottecinema.co.kr megabox.co.kr uci-kinowelt.de cinestar.de
kinopolis.de cinemaxx.de pathe.fr pathe.nl ugc.fr cineplex.com yelmocines.es cinesa.es kinepolis.*
multikino.pl cinema-city.pl helios.pl bookmyshow.com 21cineplex.com tohotheater.jp
"""
_STORE = """
amazon.* amzn.to ebay.* etsy.com walmart.com target.com bestbuy.com costco.com argos.co.uk
johnlewis.com
apple.com google.* microsoft.com steampowered.com steamcommunity.com epicgames.com gog.com
humblebundle.com itch.io nintendo.* playstation.com xbox.com ea.com ubisoft.com blizzard.com
roblox.com minecraft.net fortnite.com supercell.com activision.com samsung.com huawei.com mi.com
f-droid.org bookshop.org barnesandnoble.com waterstones.com thalia.de hugendubel.de fnac.*
kobo.com bol.com coolblue.nl mediamarkt.* saturn.de otto.de zalando.* allegro.pl empik.com ozon.ru
wildberries.ru litres.ru trendyol.com hepsiburada.com n11.com kitapyurdu.com idefix.com
flipkart.com myntra.com shopee.* tokopedia.com lazada.* bukalapak.com gramedia.com tiki.vn
fahasa.com
rakuten.co.jp yodobashi.com kinokuniya.co.jp coupang.com yes24.com aladin.co.kr kyobobook.co.kr
jd.com taobao.com tmall.com dangdang.com mercadolibre.com mercadolivre.com.br casadellibro.com
feltrinelli.it ibs.it ikea.com lego.com gumroad.com patreon.com kickstarter.com ko-fi.com
buymeacoffee.com liberapay.com opencollective.com paypal.com stripe.com shopify.com adobe.com
jumia.* noon.com
jamalon.com
"""
_CODE = """
github.com githubusercontent.com gitlab.com bitbucket.org codeberg.org sourceforge.net sr.ht
gitee.com pypi.org npmjs.com python.org rubygems.org crates.io rust-lang.org packagist.org
maven.org
docker.com debian.org ubuntu.com launchpad.net fedoraproject.org archlinux.org kernel.org gnu.org
apache.org readthedocs.io readthedocs.org stackoverflow.com stackexchange.com huggingface.co
kaggle.com
jsdelivr.net unpkg.com nodejs.org golang.org go.dev pkg.go.dev jetbrains.com visualstudio.com
videolan.org libreoffice.org mozilla.org chromium.org shields.io travis-ci.org travis-ci.com
appveyor.com circleci.com codecov.io coveralls.io badge.fury.io freedesktop.org flathub.org
snapcraft.io
blender.org gimp.org inkscape.org audacityteam.org obsproject.com wordpress.org php.net mysql.com
postgresql.org djangoproject.com reactjs.org vuejs.org kubernetes.io
"""
_REFERENCE = """
wikipedia.org wikimedia.org wikidata.org wiktionary.org wikisource.org wikiquote.org archive.org
gutenberg.org europeana.eu loc.gov bnf.fr dnb.de bl.uk doi.org arxiv.org imdb.com themoviedb.org
rottentomatoes.com metacritic.com letterboxd.com filmaffinity.com allocine.fr filmstarts.de
filmweb.pl douban.com myanimelist.net goodreads.com openlibrary.org librivox.org
standardebooks.org
worldcat.org justwatch.com creativecommons.org w3.org ietf.org who.int un.org europa.eu nasa.gov
nih.gov
nytimes.com theguardian.com washingtonpost.com reuters.com apnews.com wsj.com ft.com bloomberg.com
lemonde.fr lefigaro.fr elpais.com elmundo.es spiegel.de zeit.de faz.net sueddeutsche.de
repubblica.it corriere.it nrc.nl volkskrant.nl variety.com hollywoodreporter.com deadline.com
theverge.com arstechnica.com wired.com techcrunch.com
"""
_SOCIAL = """
facebook.com fb.com fb.me messenger.com twitter.com x.com instagram.com pinterest.* linkedin.com
reddit.com tumblr.com whatsapp.com wa.me telegram.org telegram.me t.me snapchat.com tiktok.com
threads.net threads.com mastodon.social joinmastodon.org bsky.app vk.com ok.ru weibo.com line.me
kakao.com xing.com discord.com discord.gg addtoany.com sharethis.com addthis.com disqus.com
gravatar.com feedburner.com feedly.com getpocket.com flipboard.com digg.com stumbleupon.com
delicious.com ycombinator.com hatena.ne.jp naver.com
"""
_SHORTENER = """
bit.ly bitly.com bitly.ws j.mp tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly
cutt.us shorturl.at shorturl.asia rb.gy tiny.cc tiny.one bl.ink s.id t.ly soo.gd clck.ru u.to
qr.ae
lnkd.in shorte.st adf.ly ouo.io ouo.press exe.io linkvertise.com link-to.net bc.vc za.gl
gplinks.co
gplinks.in shrinkme.io droplink.co lnk.to linktr.ee snip.ly urlz.fr n9.cl acortar.link tny.im x.gd
dub.sh kutt.it 2u.pw tr.im trib.al lihi.cc reurl.cc short.gy shorter.me urlr.me smrturl.co vk.cc
"""
_LOCKER = """
mediafire.com mega.nz mega.io zippyshare.com rapidgator.net uploaded.net 1fichier.com
nitroflare.com turbobit.net katfile.com gofile.io anonfiles.com sendspace.com 4shared.com
uptobox.com doodstream.com streamtape.com mixdrop.co filemoon.sx voe.sx vidoza.net upstream.to
workupload.com pixeldrain.com terabox.com lootdest.org work.ink cpagrip.com ogads.com
uploadhaven.com
adbluemedia.com file-upload.com krakenfiles.com send.cm
"""
_FREE_HOST = """
blogspot.* weebly.com wixsite.com wordpress.com webflow.io netlify.app vercel.app github.io
gitlab.io
pages.dev workers.dev web.app firebaseapp.com herokuapp.com onrender.com glitch.me surge.sh
neocities.org site123.me yolasite.com jimdofree.com webnode.page strikingly.com carrd.co
mystrikingly.com 000webhostapp.com infinityfreeapp.com rf.gd blogger.com livejournal.com
over-blog.com hatenablog.com godaddysites.com framer.website
"""

_KINDS: tuple[tuple[HostKind, str], ...] = (
    ("service", _SERVICE),
    ("store", _STORE),
    ("code", _CODE),
    ("reference", _REFERENCE),
    ("social", _SOCIAL),
    ("shortener", _SHORTENER),
    ("locker", _LOCKER),
    ("free-host", _FREE_HOST),
)
KNOWN_HOSTS: dict[str, HostKind] = {
    domain: kind for kind, domains in _KINDS for domain in domains.split()
}
BRANDS: frozenset[str] = frozenset(
    domain.split(".", 1)[0]
    for kind, domains in _KINDS
    if kind in {"service", "store"}
    for domain in domains.split()
    if len(domain.split(".", 1)[0]) > 3
)


@lru_cache(maxsize=16_384)
def host_kind(host: str) -> HostKind | None:
    """Return the kind of a lower-case ASCII host, or None where it is on no list.

    The longest listed suffix of the host decides, so ``pages.dev`` speaks for every name under it.
    """
    labels = host.split(".")
    for first in range(max(0, len(labels) - 4), len(labels) - 1):
        kind = KNOWN_HOSTS.get(".".join(labels[first:]))
        if kind is None and _is_ordinary_suffix(labels[first + 1 :]):
            kind = KNOWN_HOSTS.get(f"{labels[first]}.*")
        if kind is not None:
            return kind
    return None


# Country suffixes that are given away or sold as something else than a country's.
_CHEAP_COUNTRY_SUFFIXES = frozenset("tk ml ga cf gq cc ws to su pw la".split())


def _is_ordinary_suffix(labels: list[str]) -> bool:
    """Say whether a suffix is one that brands hold: com, a country, or co./com. of a country."""
    if len(labels) == 1:
        suffix = labels[0]
        return suffix == "com" or (len(suffix) == 2 and suffix not in _CHEAP_COUNTRY_SUFFIXES)
    return len(labels) == 2 and labels[0] in {"co", "com"} and len(labels[1]) == 2
