"""German."""

from appstore.report.words import Words

_NAME = '"(.+)"'

GERMAN = Words(
    plan="Plan",
    merging="{0} in {1} zusammengeführt",
    nothing="nichts zu tun",
    to_do={
        "create": "anzulegen",
        "update": "zu ändern",
        "retry": "noch einmal zu versuchen",
        "recreate": "zurückzusetzen",
        "resume": "aufzuwecken",
        "suspend": "schlafen zu legen",
        "end": "zu beenden",
        "revive": "zurückzuholen",
        "adopt": "zu übernehmen",
        "delete": "zu löschen",
    },
    meanings={"recreate": "gelöscht und neu angelegt"},
    not_done={
        "refuse": "abgelehnt",
        "stuck": "brauchen einen Menschen",
        "wait": "warten",
        "look": "noch nicht gelesen",
    },
    rules={
        "adopt": "kann nicht übernommen werden",
        "base-in-use": "andere Maschinen bauen darauf auf",
        "busy": "OpenStack arbeitet noch daran",
        "emptied": "es bliebe nichts von dieser Lehrperson übrig",
        "filtered-delete": "ein Teil-Lauf löscht nichts, was niemand angeordnet hat",
        "foreign": "gehört jemand anderem",
        "freeze": "während einer Prüfung gesperrt",
        "held": "in den Dateien ist ein Fehler",
        "many-deletes": "ungewöhnlich viele Löschungen",
        "newer-run": "ein neuerer Stand war schon da",
        "other-term": "stammt aus einem anderen Semester",
        "protected": "geschützt durch `protect: true`",
        "quota": "passt nicht in die Quota",
        "renamed": "sieht nach einer Umbenennung ohne `id` aus",
        "replace-guard": "müsste etwas ersetzen, was nicht ersetzt werden darf",
        "stale": "anders als im geprüften Plan",
        "unread": "konnte nicht gelesen werden",
        "untagged": "trägt keine Kennzeichnung von uns",
    },
    loses=("**1 verliert die Daten.**", "**{n} verlieren die Daten.**"),
    all_lost="Alle Daten auf diesen Maschinen gehen verloren.",
    sentences={
        "a reset is ordered": "",
        "state is absent": "so steht es in der Datei",
        "no file asks for it any more": "keine Datei verlangt es mehr",
        "its deployment has no such member any more": (
            "das Deployment hat dieses Mitglied nicht mehr"
        ),
        "its group was removed": "die Gruppe wurde gestrichen",
        "its seat was removed": "der Platz wurde gestrichen",
        "the deployment is for each (.+) now": "das Deployment ist jetzt für jedes Mitglied {0}",
        "(.+) ended on ([0-9-]+)": "{0} endete am {1}",
        "it is deleted after ([0-9]+) days unless it comes back": (
            "gelöscht nach {0} Tagen, wenn es nicht zurückkommt"
        ),
        "it is deleted after its grace": "gelöscht nach der Frist",
        "its grace since ([0-9-]+) is over": "die Frist seit {0} ist vorbei",
        "it sleeps until then": "schläft bis dahin",
        "it was ending and is wanted again": "sollte enden und wird wieder gebraucht",
        "made ahead of its first use": "vor dem ersten Gebrauch angelegt",
        "its course needs it from (.+) on": "der Kurs braucht es ab {0}",
        "an exam needs it awake": "für eine Prüfung",
        "(?:a class|an exam) needs it awake": "für eine Veranstaltung",
        "what has changed follows after it": "was sich geändert hat, folgt danach",
        "it did not wake up": "ist nicht aufgewacht",
        "an update heals that": "eine Änderung heilt das",
        "it failed, and what is wanted has changed since": (
            "ist fehlgeschlagen, und seitdem ist etwas anderes gewünscht"
        ),
        "it failed and is tried again: (.+)": "ist fehlgeschlagen und wird wiederholt: {0}",
        "no line in a file orders this delete": "keine Zeile in einer Datei ordnet das an",
        f"the server {_NAME} is replaced: .*": (
            "der Server {0} wird ersetzt: was auf seiner Platte liegt, geht verloren"
        ),
        f"the server {_NAME} is rebuilt: .*": (
            "der Server {0} wird neu aufgesetzt: was auf seiner Platte liegt, wird überschrieben"
        ),
        f"the server {_NAME} is deleted: .*": (
            "der Server {0} wird gelöscht: was auf seiner Platte liegt, geht verloren"
        ),
        f"the (?:volume|share|database|container) {_NAME} is (?:replaced|deleted): .*": (
            "{0} wird gelöscht oder ersetzt: was darin gespeichert ist, geht verloren"
        ),
        f"the (?:volume|share|database|container) {_NAME} is rebuilt: .*": (
            "{0} wird neu aufgesetzt: was darin gespeichert ist, wird überschrieben"
        ),
        f"it is not known whether the \\w+ {_NAME} is replaced; .*": (
            "es ist nicht bekannt, ob {0} ersetzt wird; wenn ja, gehen die Daten darauf verloren"
        ),
        f"the floating IP address {_NAME} changes": "die öffentliche Adresse {0} ändert sich",
        f"the floating IP address {_NAME} may change": (
            "die öffentliche Adresse {0} ändert sich vielleicht"
        ),
        f"the floating IP address {_NAME} is given up": (
            "die öffentliche Adresse {0} wird aufgegeben"
        ),
        f"the generated text {_NAME} is made anew: .*": (
            "der erzeugte Text {0} wird neu gewürfelt: Passwörter daraus ändern sich"
        ),
        f"the update may need to replace the \\w+ {_NAME}, .*accept_replace: (.+)": (
            "vielleicht müsste {0} ersetzt werden, das ist verboten: dann schlägt die Änderung "
            "fehl; wer es anordnen will, schreibt `accept_replace` mit {1}"
        ),
        f"the update needs to replace the \\w+ {_NAME}, .*accept_replace: (.+)": (
            "{0} müsste ersetzt werden, das ist verboten: die Änderung würde fehlschlagen, und "
            "nichts geht verloren; wer es anordnen will, schreibt `accept_replace` mit {1}"
        ),
    },
    effects={
        "updated": "geändert",
        "replaced": "ersetzt",
        "rebuilt": "neu aufgesetzt",
        "added": "kommt hinzu",
        "deleted": "gelöscht",
        "unknown": "unbekannt",
    },
    none="nichts",
    ordered_at="angeordnet in {0}",
    unordered="keine Zeile in einer Datei ordnet das an",
    next_step="Nächster Schritt:",
    until="bis {0}",
    warning="Hinweis:",
    drift=(
        "1 weitere Änderung wartet schon auf dem Zielzweig.",
        "{n} weitere Änderungen warten schon auf dem Zielzweig.",
    ),
    withdrawn=("1 Maschine wird nicht mehr angelegt", "{n} Maschinen werden nicht mehr angelegt"),
    later=("1 Maschine wird am {0} angelegt", "{n} Maschinen werden am {0} angelegt"),
    ending=(
        "1 Maschine hat ihren letzten Tag am {0}",
        "{n} Maschinen haben ihren letzten Tag am {0}",
    ),
    unplanned="Nicht geplant",
    held="Für {0} geschieht nichts, bis die Fehler in den Dateien behoben sind.",
    orphans=(
        "1 Stack würde zu keiner Lehrperson mehr gehören",
        "{n} Stacks würden zu keiner Lehrperson mehr gehören",
    ),
    uses="**Quota:** wenn alles davon geschieht, kommt hinzu:",
    use_line="Projekt {0} auf {1}: {3} {2}, von {4}, die noch frei sind (Grenze {5})",
    quota="**Quota:** nicht alles passt hinein. Die OpenStack-Administration müsste anheben:",
    quota_line="Projekt {0} auf {1}, {2}: {3} belegt, Grenze {4}, nötig {5}",
    findings="Beanstandungen",
    findings_before=(
        "1 weitere Beanstandung gibt es auch ohne diese Änderung.",
        "{n} weitere Beanstandungen gibt es auch ohne diese Änderung.",
    ),
    severities={"error": "Fehler", "warning": "Warnung"},
    reviews="Freigaben",
    verdicts={
        "enough": "alle nötigen sind da.",
        "missing": "es fehlen noch welche.",
        "invalid": "erst müssen die Beanstandungen weg.",
    },
    missing="fehlt",
    given_by="gegeben von {0}",
    anybody_of="jemand von {0}",
    tiers={
        "small": "Das ist eine kleine Änderung.",
        "normal": "",
        "high": "**Von dieser Änderung hängt viel ab.**",
    },
    changes="Was sich in Dateien ändert",
    sheet="Neue Version {0}",
    sheet_parts={
        "changed": "anders als {0}",
        "resource_types": "Ressourcentypen",
        "open_ports": "offene Ports",
        "images": "Images",
        "downloads": "Downloads",
        "footprint": "belegt von der Quota",
        "lasting": "lässt zurück",
    },
    lines=("1 weitere Zeile", "{n} weitere Zeilen"),
    outcome="Ergebnis",
    results={
        "done": "erledigt",
        "done by another run": "von einem anderen Lauf erledigt",
        "failed": "fehlgeschlagen",
        "still running": "laufen noch",
        "not started": "nicht begonnen",
        "stale": "anders als geprüft",
        "refused": "abgelehnt",
        "need a person": "brauchen einen Menschen",
        "waiting": "warten",
    },
    already=(
        "1 geprüfte Änderung war schon erledigt.",
        "{n} geprüfte Änderungen waren schon erledigt.",
    ),
    owners={
        "nobody": "niemand",
        "lecturer": "die Lehrperson",
        "admin": "die App-Store-Administration",
        "openstack-admin": "die OpenStack-Administration",
    },
    actor="Am Zug: {0}.",
    run="Lauf {0}",
    details="Alle Einzelheiten",
    digest="Kennung des Plans {0}",
    full="Vollständiger Plan",
    left_out=(
        "1 Teil hat hier keinen Platz. {0}",
        "{n} Teile haben hier keinen Platz. {0}",
    ),
    more=("1 weitere Art von Änderung hier", "{n} weitere Arten von Änderungen hier"),
)
