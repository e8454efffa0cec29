"""What the connection is made of, and what is said where there is none."""

from case import Case, deployment, needs_kubectl


class ConnectionTests(Case):
    def setUp(self):
        super().setUp()
        self.manifest = self.write("web.yaml", deployment())

    def apply(self, name, *words):
        return self.inject("apply", "-f", self.manifest, *words, kubeconfig=name)

    def test_one_connection_for_many_objects(self):
        self.demand(self.inject("apply", "-f", self.deployments(60)), 0)
        requests = self.requests()
        self.assertEqual(len({entry["connection"] for entry in requests}), 1)
        self.assertEqual({entry["protocol"] for entry in requests}, {"HTTP/2"})
        self.assertIn(requests[0]["tls"], ("TLSv1.2", "TLSv1.3"))

    def test_http1(self):
        self.demand(self.inject("apply", "-f", self.deployments(20), kubeconfig="http1"), 0)
        self.assertEqual({entry["protocol"] for entry in self.requests()}, {"HTTP/1.1"})

    def test_user_agent(self):
        self.demand(self.apply("token"), 0)
        agents = {dict(map(tuple, entry["headers"]))["user-agent"] for entry in self.requests()}
        self.assertEqual(len(agents), 1)
        self.assertRegex(agents.pop(), r"^kubectl-vault[_-]inject/\S+ \(linux/\w+\)")

    def test_compression_is_asked_for_and_can_be_left_out(self):
        self.demand(self.apply("token"), 0)
        self.demand(self.apply("uncompressed"), 0)
        with_it, without = [dict(map(tuple, entry["headers"])) for entry in self.requests(method="PATCH")]
        self.assertIn("gzip", with_it.get("accept-encoding", ""))
        self.assertNotIn("accept-encoding", without)

    def test_certificates_that_do_not_fit(self):
        for name, texts in (
                ("wrong-ca", ("is not to be trusted", "--certificate-authority")),
                ("no-ca", ("is not to be trusted", "--certificate-authority")),
                ("expired-server", ("has expired",)),
                ("wrong-name", ("is not for that name", "--tls-server-name"))):
            with self.subTest(name):
                self.demand(self.apply(name), 69, *texts)
                self.assertEqual(self.requests(), [])

    def test_nobody_there(self):
        self.demand(self.apply("refused"), 69, "nothing answers", "hint:")
        self.demand(self.apply("unknown-host"), 69, "no-such-host.invalid", "hint:")

    @needs_kubectl
    def test_kubectl_fails_there_too(self):
        for name in ("wrong-ca", "no-ca", "expired-server", "wrong-name", "refused", "wrong-token"):
            with self.subTest(name):
                self.assertEqual(self.kubectl("get", "ns", kubeconfig=name).code, 1)
