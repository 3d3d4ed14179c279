"""Articles written for the acceptance tests: reviews that bait closes, and one that is honest."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Written:
    """A review in one language, the closings that turn it into bait, and an honest closing."""

    lang: str
    title: str
    paragraphs: tuple[str, ...]
    closings: tuple[tuple[str, ...], ...]  # lines of each
    honest_closing: str


ENGLISH = Written(
    "en",
    "Saltmarsh, season two: the tide comes in slowly and stays",
    (
        "The first season of Saltmarsh ended with a boat adrift and a daughter who would not say "
        "where she had been. The second picks up eleven months later, in a village that has "
        "agreed, without ever saying so, to stop asking.",
        "Ines Calloway plays the harbour master as a woman who has learned to read weather and "
        "forgotten how to read people. Her best scene has no dialogue at all: she mends a net, "
        "hears a car, and puts the needle down a little too carefully.",
        "The writing trusts its audience. Clues are left in plain sight, often in the corner of a "
        "frame, and nobody comes along afterwards to point at them. By the fourth episode I had "
        "started to watch the background more closely than the faces.",
        "Not everything holds. The subplot about the fish auction goes round in circles, and the "
        "new inspector is given two habits instead of a character. But even the weaker hours have "
        "a mood that is hard to shake off.",
        "The sound deserves a word of its own. Gulls, diesel, shingle under boots: the village is "
        "built from noises before it is built from houses, and when the storm arrives in the "
        "sixth hour the sudden quiet is worse than any thunder.",
        "It closes on an image I will not describe, except to say that it answers the question of "
        "the first season and makes you wish that it had not. A third season is planned for next "
        "autumn, and it has some explaining to do.",
    ),
    (
        (
            "Watch Movie",
            "Preview image – click to watch on our partner site",
            "*Content is hosted on a partner site.",
        ),
        (
            "Watch the full season now",
            "[Picture: click to start streaming on our partner's website]",
            "* The video is hosted by an external partner.",
        ),
        (
            "Stream Saltmarsh online for free",
            "Click the preview picture to continue to the player on a partner site",
        ),
    ),
    "Saltmarsh is on BBC iPlayer in full; the Odeon in Leeds shows the first two episodes on "
    "Sunday at six, with a talk by the director.",
)
SPANISH = Written(
    "es",
    "Marea de fondo, segunda temporada: lo que el pueblo calla",
    (
        "La primera temporada de Marea de fondo terminaba con una barca a la deriva y una hija que "
        "no quería contar dónde había estado. La segunda arranca once meses después, en un pueblo "
        "que ha decidido, sin decirlo nunca, dejar de preguntar.",
        "Inés Calleja interpreta a la jefa del puerto como alguien que aprendió a leer el tiempo y "
        "olvidó cómo se lee a las personas. Su mejor escena no tiene diálogo: remienda una red, "
        "oye un coche y deja la aguja con demasiado cuidado.",
        "El guion confía en quien mira. Las pistas quedan a la vista, muchas veces en la esquina "
        "del plano, y nadie vuelve después para señalarlas. A la altura del cuarto capítulo yo "
        "miraba más el fondo que las caras.",
        "No todo funciona. La trama de la lonja da vueltas sobre sí misma y el nuevo inspector "
        "tiene dos manías en lugar de un carácter. Aun así, hasta los episodios más flojos dejan "
        "un ánimo del que cuesta salir.",
        "El sonido merece mención aparte. Gaviotas, gasóleo, guijarros bajo las botas: el pueblo "
        "está hecho de ruidos antes que de casas, y cuando llega el temporal el silencio repentino "
        "resulta peor que cualquier trueno.",
    ),
    (
        (
            "Ver película",
            "Imagen de vista previa: haz clic para ver en nuestro sitio asociado",
            "*El contenido está alojado en un sitio asociado.",
        ),
        (
            "Ver la temporada completa online gratis",
            "Pulsa en la imagen para continuar en la página de nuestro socio",
            "* El vídeo está alojado en un servidor externo.",
        ),
    ),
    "Marea de fondo puede verse en RTVE Play, y los Yelmo de Madrid proyectan los dos primeros "
    "episodios el domingo a las seis, con coloquio.",
)
GERMAN = Written(
    "de",
    "Salzwiesen, zweite Staffel: Die Flut kommt langsam und bleibt",
    (
        "Die erste Staffel von Salzwiesen endete mit einem treibenden Boot und einer Tochter, die "
        "nicht sagen wollte, wo sie gewesen war. Die zweite setzt elf Monate später ein, in einem "
        "Dorf, das sich stillschweigend darauf geeinigt hat, nicht mehr zu fragen.",
        "Ina Kallweit spielt die Hafenmeisterin als eine Frau, die gelernt hat, das Wetter zu "
        "lesen, und verlernt, wie man Menschen liest. Ihre beste Szene kommt ohne ein Wort aus: "
        "Sie flickt ein Netz, hört ein Auto und legt die Nadel ein wenig zu sorgfältig weg.",
        "Das Drehbuch traut seinem Publikum etwas zu. Hinweise liegen offen da, oft am Rand des "
        "Bildes, und niemand kommt später vorbei, um darauf zu zeigen. Von der vierten Folge an "
        "habe ich den Hintergrund genauer angesehen als die Gesichter.",
        "Nicht alles trägt. Der Strang um die Fischauktion dreht sich im Kreis, und der neue "
        "Kommissar bekommt zwei Marotten statt eines Charakters. Doch selbst die schwächeren "
        "Stunden haben eine Stimmung, die man schwer wieder loswird.",
        "Der Ton verdient ein eigenes Wort. Möwen, Diesel, Kies unter Stiefeln: Das Dorf besteht "
        "aus Geräuschen, bevor es aus Häusern besteht, und als der Sturm kommt, ist die plötzliche "
        "Stille schlimmer als jeder Donner.",
    ),
    (
        (
            "Film ansehen",
            "Vorschaubild – hier klicken, um auf unserer Partnerseite zu schauen",
            "*Die Inhalte werden auf einer Partnerseite gehostet.",
        ),
        (
            "Jetzt die ganze Staffel kostenlos streamen",
            "Auf das Bild klicken und beim Partner weiterschauen",
            "* Das Video liegt auf einem externen Server.",
        ),
    ),
    "Salzwiesen läuft in der ARD Mediathek; das Cinestar in Kiel zeigt die ersten beiden Folgen am "
    "Sonntag um achtzehn Uhr, die Regisseurin ist zu Gast.",
)
FRENCH = Written(
    "fr",
    "Prés salés, saison deux : la marée monte lentement et reste",
    (
        "La première saison de Prés salés s'achevait sur une barque à la dérive et une fille qui "
        "refusait de dire où elle était allée. La deuxième reprend onze mois plus tard, dans un "
        "village qui a décidé, sans jamais le dire, de ne plus poser de questions.",
        "Inès Calouet joue la capitaine du port comme une femme qui a appris à lire le temps et "
        "oublié comment on lit les gens. Sa plus belle scène est muette : elle raccommode un "
        "filet, entend une voiture et repose l'aiguille avec un peu trop de soin.",
        "L'écriture fait confiance au spectateur. Les indices sont là, souvent dans un coin du "
        "cadre, et personne ne revient ensuite pour les montrer du doigt. Dès le quatrième épisode "
        "je regardais l'arrière-plan plus que les visages.",
        "Tout ne tient pas. L'intrigue de la criée tourne en rond, et le nouvel inspecteur a reçu "
        "deux manies en guise de caractère. Mais même les heures les plus faibles laissent une "
        "humeur dont on se défait mal.",
        "Le son mérite qu'on s'y arrête. Mouettes, gazole, galets sous les bottes : le village est "
        "fait de bruits avant d'être fait de maisons, et quand la tempête arrive le silence "
        "soudain est pire que le tonnerre.",
    ),
    (
        (
            "Regarder le film",
            "Image d'aperçu – cliquez pour regarder sur notre site partenaire",
            "*Le contenu est hébergé sur un site partenaire.",
        ),
        (
            "Voir la saison complète gratuitement",
            "Cliquez sur l'image pour continuer sur le lecteur de notre partenaire",
            "* La vidéo est hébergée par un prestataire externe.",
        ),
    ),
    "Prés salés est à voir sur france.tv ; le Pathé de Rennes projette les deux premiers épisodes "
    "dimanche à dix-huit heures, en présence de la réalisatrice.",
)
ARTICLES = (ENGLISH, SPANISH, GERMAN, FRENCH)
