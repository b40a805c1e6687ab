"""The checklist that a policy institute starts with: mostly advice, and few things that block."""

from typing import Any

from django.db import migrations

# For all kinds, then for those that are exceptions, by their addresses.
RULES: dict[str, tuple[str, dict[str, str]]] = {
    "no_standfirst": ("advice", {}),
    "long_title": ("advice", {}),
    "wrong_language": ("advice", {}),
    "no_text": ("advice", {}),
    "heading_order": ("advice", {}),
    "dead_internal_link": ("blocking", {}),
    "unpublished_link": ("advice", {}),
    "broken_address": ("advice", {}),
    "broken_link": ("advice", {}),
    "poor_alt": ("advice", {}),
    "no_author": ("advice", {"events": "off", "press-releases": "off"}),
    "no_tag": ("advice", {}),
    "mute_pdf": ("advice", {}),
    "odd_date": ("advice", {}),
    "no_outlet": ("off", {"op-eds": "advice"}),
    "no_outlet_url": ("advice", {}),
    "no_outlet_date": ("advice", {}),
    "no_review_date": ("off", {"reports": "advice", "policy-briefs": "advice"}),
    "no_disclosure": ("advice", {}),
}


def seed(apps: Any, schema_editor: Any) -> None:
    """Add the rules that are not there yet; staff's own stay as they are."""
    rule = apps.get_model("publications", "ChecklistRule")
    kinds = dict(apps.get_model("publications", "Kind").objects.values_list("slug", "pk"))
    known = set(rule.objects.values_list("check_code", flat=True))
    for code, (level, exceptions) in RULES.items():
        if code in known:
            continue
        rule.objects.create(check_code=code, kind_id=None, level=level)
        for slug, other in exceptions.items():
            if slug in kinds:
                rule.objects.create(check_code=code, kind_id=kinds[slug], level=other)


class Migration(migrations.Migration):
    dependencies = [("publications", "0019_checklist_and_link_health")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
