package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** nginx of the host in front of units and published ports. */
class HostProxiesTest {
    private final ProxyAsksNobodyCheck asks = new ProxyAsksNobodyCheck();
    private final ProxyPortTakenCheck taken = new ProxyPortTakenCheck();

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
        tree.file(
                        "units/hub-api.service",
                        "[Service]",
                        "WorkingDirectory=/srv/hub/api",
                        "ExecStart=/srv/venv/bin/uvicorn app:app --host 127.0.0.1 --port 8001")
                .file(
                        "units/hub-web.service",
                        "[Service]",
                        "WorkingDirectory=/srv/hub/web",
                        "ExecStart=/srv/venv/bin/uvicorn app:app --host 0.0.0.0 --port 8002")
                .file("api/app.py", "from fastapi import FastAPI", "app = FastAPI()")
                .file("web/app.py", "from fastapi import FastAPI", "app = FastAPI()");
    }

    @Test
    void whereTheUnitOfThatNameListensElsewhereItIsTold() throws InterruptedException {
        tree.file(
                        "deploy/nginx/site.conf",
                        "upstream hub_web { server 127.0.0.1:8003; server 127.0.0.1:8009 backup; }",
                        "server {",
                        "  listen 80;",
                        "  location /api/ {",
                        "    proxy_pass http://localhost:8001/;",
                        "  }",
                        "  location /other { proxy_pass http://127.0.0.1:9999; } # proxy_pass http://127.0.0.1:1;",
                        "  location / { proxy_pass http://hub_web; }",
                        "}")
                .file("sites-enabled/api", "server { location /api { proxy_pass http://[::1]:8080; } }");
        assertThat(tree.verdicts(asks))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "fail deploy/nginx/site.conf#8003",
                        "pass deploy/nginx/site.conf#8001",
                        "unknown deploy/nginx/site.conf#9999",
                        "fail sites-enabled/api#8080");
        assertThat(tree.accusations())
                .contains("proxy-asks-nobody: deploy/nginx/site.conf leads to port 8003, but hub-web.service listens on"
                        + " 8002");
    }

    @Test
    void aLanguageThatIsNotReadIsNamed() throws InterruptedException {
        tree.file("mix.exs", "defmodule A do end")
                .file("deploy/nginx/site.conf", "server { location /other { proxy_pass http://127.0.0.1:9999; } }");
        assertThat(tree.verdicts(asks))
                .containsExactly("unknown deploy/nginx/site.conf#9999: Whether anything listens on port 9999, which"
                        + " deploy/nginx/site.conf asks, is not known: the Elixir of the tree is not read");
    }

    @Test
    void caddyHaproxyAndApacheAskAsNginxDoes() throws InterruptedException {
        tree.file(
                        "Caddyfile",
                        "{",
                        "  admin localhost:2019",
                        "}",
                        "api.example.org {",
                        "  handle_path /web/* {",
                        "    reverse_proxy http://127.0.0.1:8003 localhost:8002 # localhost:1",
                        "  }",
                        "  reverse_proxy /metrics localhost:9999",
                        "  reverse_proxy :8004",
                        "}")
                .file(
                        "haproxy/haproxy.cfg",
                        "frontend all",
                        "  bind 127.0.0.1:80",
                        "backend hub-web",
                        "  server one 127.0.0.1:8005 check",
                        "  server two localhost:8002 check")
                .file(
                        "sites-enabled/hub",
                        "<VirtualHost *:80>",
                        "  ServerName hub.example.org",
                        "  ProxyPass /api http://localhost:8006/",
                        "  ProxyPass /ws ws://localhost:8001/",
                        "  ProxyPassReverse /api http://localhost:8006/",
                        "  BalancerMember http://127.0.0.1:9998",
                        "</VirtualHost>");
        assertThat(tree.verdicts(asks))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "fail Caddyfile#8003",
                        "pass Caddyfile#8002",
                        "unknown Caddyfile#9999",
                        "fail Caddyfile#8004",
                        "fail haproxy/haproxy.cfg#8005",
                        "pass haproxy/haproxy.cfg#8002",
                        "fail sites-enabled/hub#8006",
                        "pass sites-enabled/hub#8001",
                        "unknown sites-enabled/hub#9998");
    }

    @Test
    void aUnitAndAContainerOnOnePortAreUnknown() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services: {api: {image: x, ports: ['8001:80']}, other: {image: x, ports: ['8003:80']}}");
        assertThat(tree.verdicts(new SystemdDuplicateUnitCheck()))
                .containsExactlyInAnyOrder(
                        "unknown 8001: Both hub-api.service and compose.yaml#api take port 8001: whether they are to"
                                + " run on one host is not known",
                        "pass 8002");
    }

    @Test
    void whatNothingOfTheTreeServesIsUnknown() throws InterruptedException {
        FleetTree bare = new FleetTree(root.resolve("bare"));
        bare.file("site.conf", "server { location / { proxy_pass http://127.0.0.1:8101; } }");
        assertThat(bare.verdicts(asks))
                .containsExactly(
                        "unknown site.conf#8101: Whether anything listens on port 8101, which site.conf asks, is not"
                                + " known: nothing of the tree does, and something else of the host may");
    }

    @Test
    void aWebServerOfAContainerAsksItsOwnContainer() throws InterruptedException {
        tree.file(
                        "one/nginx.conf",
                        "server {",
                        "  listen 127.0.0.1:80;",
                        "  location / { proxy_pass http://127.0.0.1:8101; } }")
                .file("one/Dockerfile", "FROM nginx", "COPY nginx.conf /etc/nginx/nginx.conf");
        assertThat(tree.verdicts(new AskedPortCheck()))
                .singleElement()
                .asString()
                .startsWith("unknown one/nginx.conf#8101: Nothing of the tree is known to listen");
    }

    @Test
    void whatMayListenThereAccusesNobody() throws InterruptedException {
        tree.file("site.conf", "server { location /api { proxy_pass http://127.0.0.1:8101; } }")
                .file("units/hub-api.socket", "[Socket]", "ListenStream=127.0.0.1:8101");
        assertThat(tree.verdicts(asks)).containsExactly("pass site.conf#8101");
        tree.file("site.conf", "server { location /api { proxy_pass http://127.0.0.1:8102; } }")
                .file("units/hub-api.service", "[Service]", "ExecStart=/opt/hub/api --serve");
        assertThat(tree.verdicts(asks)).singleElement().asString().startsWith("unknown site.conf#8102");
        tree.file("compose.yaml", "services: {hub: {image: x, ports: ['127.0.0.1:8102:80']}}");
        assertThat(tree.verdicts(asks)).containsExactly("pass site.conf#8102");
    }

    @Test
    void theLoopbackOfAContainerIsNoHosts() throws InterruptedException {
        String[] site = {"server { listen 8002; location /api { proxy_pass http://127.0.0.1:8101; } }"};
        tree.file("one/nginx.conf", site)
                .file("one/Dockerfile", "FROM nginx", "COPY nginx.conf /etc/nginx/nginx.conf")
                .file("two/conf.d/site.conf", site)
                .file("two/compose.yaml", "services: {web: {image: nginx, volumes: ['./conf.d:/etc/nginx/conf.d']}}")
                .file("three/app.conf", "nothing: 127.0.0.1:8101");
        assertThat(tree.verdicts(asks)).isEmpty();
        assertThat(tree.verdicts(taken)).isEmpty();
    }

    @Test
    void aPortThatAUnitBindsIsTaken() throws InterruptedException {
        tree.file(
                        "deploy/site.conf",
                        "server { listen 8002; listen 10.0.0.1:8001; listen [::]:443 ssl; listen 80;",
                        "  location /api { proxy_pass http://127.0.0.1:8001; } }")
                .file("units/nginx.service", "[Service]", "ExecStart=/usr/bin/caddy reverse-proxy --port 80");
        assertThat(tree.verdicts(taken))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "fail deploy/site.conf#8002",
                        "pass deploy/site.conf#8001",
                        "pass deploy/site.conf#443",
                        "pass deploy/site.conf#80");
    }

    @Test
    void anAddressThatIsNotKnownIsUnknown() throws InterruptedException {
        tree.file(
                        "units/job.service",
                        "[Service]",
                        "WorkingDirectory=/srv/hub/job",
                        "ExecStart=/usr/bin/node server.js")
                .file("job/server.js", "require('http').createServer(x).listen(7000, process.env.ADDRESS);")
                .file("site.conf", "server { listen 10.0.0.1:7000; location / { proxy_pass http://127.0.0.1:7000; } }");
        assertThat(tree.verdicts(taken)).singleElement().asString().startsWith("unknown site.conf#7000");
    }

    @Test
    void aHostileFileIsBounded() throws InterruptedException {
        tree.file("big.conf", "server { " + "location /api { proxy_pass http://127.0.0.1:9; } ".repeat(5_000) + "}")
                .file(
                        "odd.conf",
                        "proxy_pass http://127.0.0.1:99999; upstream { upstream x {",
                        "}}}} server { server {");
        assertThat(tree.verdicts(asks)).hasSizeLessThan(3);
    }

    /** What stands beside the two units, and why nobody is accused of the port 8103 that api is asked on. */
    @Test
    void whyItIsNotKnownWhatListensIsTold() throws InterruptedException {
        tree.file("site.conf", "server { location /other { proxy_pass http://127.0.0.1:8103; } }");
        String asked =
                "unknown site.conf#8103: Whether anything listens on port 8103, which site.conf asks, is not known: ";
        assertThat(tree.verdicts(asks))
                .containsExactly(asked + "nothing of the tree does, and something else of the host may");
        tree.file("units/open.service", "[Service]", "ExecStart=/usr/bin/uvicorn m:app --port $OPEN");
        assertThat(tree.verdicts(asks))
                .containsExactly(asked + "of open.service the port on the command line is no number from 1 to 65535");
    }

    @Test
    void anImageAndAContainerWithoutPortsAreNobodyToAsk() throws InterruptedException {
        FleetTree other = new FleetTree(root.resolve("other"))
                .file("site.conf", "server { location /api { proxy_pass http://127.0.0.1:8103; } }")
                .file("api/main.py", "import uvicorn", "uvicorn.run('m:app', port=8001)")
                .file("api/Dockerfile", "FROM python:3.12", "COPY . .", "CMD [\"python\", \"main.py\"]");
        assertThat(other.verdicts(asks))
                .as("nothing of the tree runs on a host")
                .singleElement()
                .asString()
                .startsWith("unknown site.conf#8103: Whether anything listens on port 8103");
        other.file("compose.yaml", "services: {api: {build: api}}");
        assertThat(other.verdicts(asks))
                .as("its container is reached by no port")
                .singleElement()
                .asString()
                .startsWith("unknown site.conf#8103: Whether anything listens on port 8103");
        other.file("compose.yaml", "services: {api: {build: api, ports: ['8002:8001']}}");
        assertThat(other.verdicts(asks)).singleElement().asString().startsWith("fail site.conf#8103");
    }

    /** A unit's name, the place that leads to the port, and whether it is told that the unit is meant. */
    @ParameterizedTest
    @CsvSource({
        "report, report, true",
        "report, report-v2, false",
        "my-report, report, true",
        "report-api, report, true",
        "reporter, report, false",
        "x, x, false",
        "it, it, false",
    })
    void aPlaceMeansTheUnitOfItsName(String unit, String place, boolean told) throws InterruptedException {
        FleetTree other = new FleetTree(root.resolve("other"))
                .file("units/" + unit + ".service", "[Service]", "ExecStart=/usr/bin/uvicorn m:app --port 8501")
                .file("site.conf", "server { location /" + place + " { proxy_pass http://127.0.0.1:8502; } }");
        assertThat(other.verdicts(asks))
                .singleElement()
                .asString()
                .startsWith((told ? "fail" : "unknown") + " site.conf#8502");
    }

    @Test
    void aNumberThatAnotherDeclarationHoldsMayBeWhatListens() throws InterruptedException {
        tree.file("site.conf", "server { location /api { proxy_pass http://127.0.0.1:8104; } }");
        assertThat(tree.verdicts(asks)).singleElement().asString().startsWith("fail site.conf#8104");
        tree.file(
                "units/hub-web.service",
                "[Service]",
                "# listens on 8104 too",
                "WorkingDirectory=/srv/hub/web",
                "ExecStart=/srv/venv/bin/uvicorn app:app --host 0.0.0.0 --port 8002");
        assertThat(tree.verdicts(asks)).singleElement().asString().startsWith("unknown site.conf#8104");
        tree.file(
                        "units/hub-web.service",
                        "[Service]",
                        "# listens on 18104 and 8104.5",
                        "WorkingDirectory=/srv/hub/web",
                        "ExecStart=/srv/venv/bin/uvicorn app:app --host 0.0.0.0 --port 8002")
                .file("compose.yaml", "services: {x: {image: x, environment: {PEER: 'http://host:8104'}}}");
        assertThat(tree.verdicts(asks)).singleElement().asString().startsWith("unknown site.conf#8104");
    }

    /** docs/registry.md: agents may share a port where their URLs name different paths. */
    @Test
    void whatIsDeclaredOnAGatewaysPortIsFollowedThroughIt() throws InterruptedException {
        PortMismatchSystemdRegistryCheck registry = new PortMismatchSystemdRegistryCheck();
        FleetTree fleet = new FleetTree(root)
                .agents("lynx", "http://localhost:8090/lynx", "mink", "http://localhost:8090/mink")
                .file("agents/lynx/main.py", "from fastapi import FastAPI", "app = FastAPI()")
                .file("agents/mink/main.py", "from fastapi import FastAPI", "app = FastAPI()");
        for (String agent : new String[] {"lynx", "mink"}) {
            fleet.file(
                    "units/" + agent + ".service",
                    "[Service]",
                    "WorkingDirectory=/srv/zoo/agents/" + agent,
                    "ExecStart=/usr/bin/uvicorn main:app --port " + (agent.equals("lynx") ? 8094 : 8095));
        }
        String unread =
                ": Several agents are declared on port 8090 by their paths, so a gateway that was not read may lead"
                        + " on to them";
        assertThat(fleet.verdicts(registry)).containsExactly("unknown lynx" + unread, "unknown mink" + unread);
        fleet.file(
                "gateway/nginx.conf",
                "server {",
                "  listen 8090;",
                "  location /lynx { proxy_pass http://127.0.0.1:8094; }",
                "  location /mink { proxy_pass http://127.0.0.1:8095; }",
                "}");
        assertThat(fleet.verdicts(registry)).containsExactly("pass lynx", "pass mink");

        // A port of nobody's, without a path that is shared, is a mistake.
        fleet.agents("lynx", "http://localhost:8091", "mink", "http://localhost:8095");
        assertThat(fleet.verdicts(registry)).containsExactly("fail lynx [lynx, units/lynx.service]", "pass mink");
    }
}
