"""What would only be discovered in a crash loop is refused at injection."""

import manifests
from case import Case

REFUSED = [
    ({"secrets-destination": "../x"}, "../x"),
    ({"secrets-destination": "/x"}, "/x"),
    ({"secrets-destination": "x,x", "secrets-path": "secret/a,secret/b"}, "x"),
    ({"secrets-template": "{{ with secret \"a\" }}x{{ end }", "secrets-destination": "x"}, "{{"),
    ({"mode": "proxy", "proxy-port": "80a"}, "80a"),
    ({"mode": "proxy", "proxy-port": "65536"}, "65536"),
]


class Refusals(Case):
    def test_places_are_named_and_nothing_is_written(self):
        labels = {"com.talend.application": "a", "com.talend.service": "b"}
        for annotations, found in REFUSED:
            with self.subTest(annotations=annotations):
                annotations = {"role": "app", "secrets-path": "secret/a", **annotations}
                path = manifests.workload(self.folder, annotations, labels=labels)
                done = self.inject("-f", path)
                self.assertEqual((done.code, done.out), (65, ""))
                self.assertRegex(done.err, r"\.json:\d+:\d+: error: ")
                self.assertIn(found, done.err)
