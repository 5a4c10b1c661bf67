"""Documents that a person could write, by the model that reads them."""

from appstore.documents.base import Model
from appstore.documents.catalog import Approval, Template, Version
from appstore.documents.course import Course
from appstore.documents.deployment import Deployment
from appstore.documents.lecturer import Lecturer
from appstore.documents.site import Site

COURSE = "title: Web\nterm: ws26\nstarts: 2026-10-01\nends: 2027-02-15\n"
TEMPLATE = "title: Web lab\nsummary: A server\nowner: anna\n"
SITE = """\
owner: demo
clouds:
  devcloud:
    title: {en: Demo cloud, de: Demo-Wolke}
    sizes: {small: m1.small}
    images: {ubuntu: ubuntu-24.04}
    networks: {course: base-net}
tenants:
  karlsruhe: {title: Karlsruhe, admins: [root-1], clouds: [devcloud]}
resource_types: ["OS::Nova::Server", "OS::Heat::None"]
"""

GOOD: list[tuple[type[Model], str]] = [
    (Site, SITE),
    (Site, SITE + "read_only: {reason: Move, until: 2026-10-02}\n"),
    (
        Site,
        SITE + "exceptions:\n- {rule: quota, scope: a/*, reason: x, until: 2026-10-02, max: 3}\n",
    ),
    (
        Site,
        SITE + "admins: [root-1, root-2]\nci: {schedule_minutes: 60}\n"
        "policy:\n  private: {open_ports: [22], sources: [192.0.2.0/24, '2001:db8::/32']}\n"
        "  global: {resource_types: ['OS::Heat::*']}\n"
        "risk: {instances: 9, public_addresses: 5, days: 30,\n"
        "  reviews: {site: [], deployment: [tenant-admin], global-approval: [site-admin]}}\n",
    ),
    (Lecturer, "tenant: karlsruhe\ncloud: devcloud\nproject: lecturer-a\n"),
    (
        Lecturer,
        "title: {de: Anna}\ntenant: t\ncloud: c\nproject: p\nlanguage: de\n"
        "accounts: {github: [anna], gitlab: [anna.b_c]}\n",
    ),
    (Course, COURSE),
    (
        Course,
        COURSE + "timezone: UTC\nroster: {seats: 30, spares: 2}\ngrace: 0\n"
        "groups: {blue: [s01, s02], red-2: [s03]}\nstaff: {lead: [max], assistant: [eva, ida]}\n",
    ),
    (Course, COURSE + "roster: {members: [blue-fox, owl7]}\n"),
    (
        Course,
        COURSE + "ready_by: 2026-09-30T18:00\nprewarm: {at_once: 5, minutes: 20}\nschedule:\n"
        "  lead: 30\n  classes: [{day: monday, from: 08:15, to: 09:45}]\n"
        "  homework:\n  - {day: daily, from: '18:00', to: 24:00}\n"
        "  days_off: [2026-12-24, {from: 2026-12-25, to: 2027-01-06}]\n"
        "freezes:\n- {from: 2027-02-10T09:00, to: 2027-02-10T12:00, lead: 60, title: Final}\n"
        "exam_resets: [{deployment: lab, member: s07, reason: dead disk, on: 2027-02-10}]\n",
    ),
    (
        Course,
        COURSE + "exceptions: [{rule: protected, scope: web, reason: x, until: 2026-10-02}]\n",
    ),
    (Deployment, "template: web-lab@1.0.0\nfor: student\n"),
    (Deployment, "template: net@0.1.0\nbase: true\nprotect: true\ntitle:\nends: null\n"),
    (
        Deployment,
        "template: web-lab@1.0.0\nfor: group\ntitle: Lab\nstate: suspended\n"
        "reset: {all: 1, s07: 2}\nretry: 1\nends: 2026-12-24\naccept_replace: web-lab@1.0.0\n"
        "adopt: 0b0c1d2e-1111-2222-3333-444455556666\nid: cs101/old-name\nparameters:\n"
        "  size: small\n  n: 3\n  x: 1.5\n  on: true\n  list: [1, a]\n  map: {a: {b: c}}\n"
        "  password: {secret: {from: env, key: db_password, version: 2}}\n",
    ),
    (
        Deployment,
        "template: web-lab@1.0.0\nfor: student\n"
        "adopt: {s07: 0b0c1d2e-1111-2222-3333-444455556666}\n",
    ),
    (Template, TEMPLATE),
    (
        Template,
        TEMPLATE + "visibility: global\n"
        "links: [{title: Book, url: 'https://x.org/a?b'}, {title: Mail, url: 'mailto:x'}]\n",
    ),
    (Version, "{summary: x}\n"),
    (
        Version,
        "summary: {en: First, de: Erste}\nchangelog: [New image, {de: Neu}]\ntimeout: 30\n"
        "parameters:\n  flavor: {bind: size, title: Size, help: How large}\n"
        "  count: {default: 1, narrow: {minimum: 1, maximum: 3}}\n"
        "  zone: {fixed: [a, {b: 1}], hidden: true}\n"
        "  name: {narrow: {enum: [a, b], minLength: 1, maxLength: 9}}\n"
        "endpoints:\n  web: {title: Open, kind: browser, output: web_url}\n"
        "footprint: {instances: 1, cores: 2, ram_mb: 2048, floating_ips: 1}\n",
    ),
    (
        Approval,
        "digest: 1.abc\nvisibility: tenant\napprover: root-1\ndate: 2026-10-01\nnote: fine\n",
    ),
]
