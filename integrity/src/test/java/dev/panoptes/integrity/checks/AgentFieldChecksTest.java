package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.checks.RegistryWorlds.evidence;
import static dev.panoptes.integrity.checks.RegistryWorlds.failure;
import static dev.panoptes.integrity.checks.RegistryWorlds.verdicts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with one agent: its URL, its port, its actions. */
class AgentFieldChecksTest {
    private static String url(String url) {
        return "agents:\n  one:\n    connection: {url: \"" + url + "\"}\n";
    }

    @Test
    void anAgentWithoutUrlIsMissingUrlAndNothingElse() throws InterruptedException {
        String registry = """
                agents:
                  one:
                  two: {connection: {health_endpoint: /health}}
                  three: {connection: {url: ''}}
                  four: {connection: {url: 'http://four:1'}}
                """;
        assertThat(verdicts(new MissingUrlCheck(), registry))
                .containsExactly("fail one", "fail two", "fail three", "pass four");
        assertThat(verdicts(new InvalidUrlCheck(), registry)).containsExactly("pass four");
        assertThat(verdicts(new InvalidPortCheck(), registry)).containsExactly("pass four");
    }

    @Test
    void theActionsOfAnAgentWithoutAPortNeedNoEndpoint() throws InterruptedException {
        String registry = """
                agents:
                  job: {connection: none, actions: {run: {}, stop: {endpoint: stop}, go: {method: NOP}}}
                  served: {connection: {url: 'http://served:1'}, actions: {run: {}}}
                """;
        assertThat(verdicts(new InvalidActionCheck(), registry)).containsExactly("fail job", "fail served");
        assertThat(evidence(
                        failure(new InvalidActionCheck(), registry.replace("served: {", "served: {enabled: false, "))))
                .containsExactly("2: job: action go has the method NOP, which HTTP does not have");
    }

    @Test
    void missingUrlShowsWhereItWouldStand() throws InterruptedException {
        assertThat(evidence(failure(new MissingUrlCheck(), "agents:\n  one: {name: A}\n")))
                .containsExactly("2: one: no connection");
        assertThat(evidence(failure(new MissingUrlCheck(), "agents:\n  one:\n    connection: {a: b}\n")))
                .containsExactly("3: one: connection without url");
    }

    @ParameterizedTest
    @CsvSource({
        "http://one:8014, pass, pass, pass",
        "one:8014, pass, fail, ''",
        "htp://one:99999, pass, fail, ''",
        "8014, pass, fail, ''",
        "http://one:99999, pass, pass, fail",
        "http://one:abc, pass, pass, fail",
        "http://one:0, pass, pass, fail",
        "tcp://one, pass, pass, fail",
        "http://one:${PORT}, pass, unknown, ''",
        "'', fail, '', ''",
    })
    void oneFaultOfAUrlIsOneIssue(String url, String missing, String invalid, String port) throws InterruptedException {
        for (var expected : List.of(
                new Expected(new MissingUrlCheck(), missing),
                new Expected(new InvalidUrlCheck(), invalid),
                new Expected(new InvalidPortCheck(), port))) {
            assertThat(verdicts(expected.check(), url(url)))
                    .as(expected.check().info().id())
                    .containsExactlyElementsOf(
                            expected.verdict().isEmpty() ? List.of() : List.of(expected.verdict() + " one"));
        }
    }

    private record Expected(Check check, String verdict) {}

    @Test
    void aFaultyUrlIsQuotedWithoutItsPassword() throws InterruptedException {
        Failure failure = failure(new InvalidPortCheck(), url("http://me:hunter2@one:99999"));
        assertThat(evidence(failure)).containsExactly("3: one: url http://***@one:99999");
        assertThat(failure.description()).contains("99999").doesNotContain("hunter2");
    }

    @Test
    void anAgentWithoutActionsIsToldOnce() throws InterruptedException {
        String registry = """
                agents:
                  none:
                  empty: {actions: {}}
                  some: {actions: {go: {endpoint: /go}}}
                  list: {actions: [go]}
                """;
        assertThat(verdicts(new NoActionsCheck(), registry))
                .containsExactly("fail none", "fail empty", "pass some", "pass list");
        assertThat(verdicts(new InvalidActionCheck(), registry)).containsExactly("pass some", "fail list");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{endpoint: /go}",
                "{endpoint: /go, method: post}",
                "{endpoint: '/go/{id}', method: GET}",
                "{endpoint: /go, method: 'GET|POST'}",
                "{endpoint: /go, method: 'GET, POST'}",
                "{endpoint: /go, method: PATCH}",
                "/go",
            })
    void anActionWithAPathAndAnHttpMethodIsValid(String action) throws InterruptedException {
        assertThat(verdicts(new InvalidActionCheck(), "agents: {one: {actions: {go: " + action + "}}}"))
                .containsExactly("pass one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{method: POST}; one: action go has no endpoint",
                "{endpoint: ''}; one: action go has no endpoint",
                "; one: action go has no endpoint",
                "{endpoint: go}; one: action go has the endpoint go, which does not begin with '/'",
                "{endpoint: 'http://one/go'}; one: action go has the endpoint http://one/go, which does not begin with '/'",
                "{endpoint: /go, method: FETCH}; one: action go has the method FETCH, which HTTP does not have",
                "{endpoint: /go, method: 'GET POSTT'}; one: action go has the method GET POSTT, which HTTP does not have",
            })
    void otherActionsAreInvalid(String action, String text) throws InterruptedException {
        Failure failure = failure(
                new InvalidActionCheck(),
                "agents:\n  one:\n    actions:\n      ok: /ok\n      go: " + (action == null ? "" : action) + "\n");
        assertThat(failure.affected()).containsExactly("one");
        assertThat(evidence(failure)).containsExactly("5: " + text);
    }

    @Test
    void allFaultyActionsOfAnAgentAreOneIssue() throws InterruptedException {
        Failure failure =
                failure(new InvalidActionCheck(), "agents:\n  one:\n    actions:\n      a:\n      b: {endpoint: b}\n");
        assertThat(failure.subject()).isEqualTo("one");
        assertThat(failure.evidence()).hasSize(2);
        assertThat(failure.title()).isEqualTo("Agent 'one' has 2 actions that cannot be called");
    }

    @Test
    void aPlaceholderMakesAnActionUnknown() throws InterruptedException {
        assertThat(RegistryWorlds.run(
                        new InvalidActionCheck(),
                        "agents: {one: {actions: {a: {endpoint: '{{base}}/a'}, b: {endpoint: /b, method: '${M}'}}}}"))
                .containsExactly(new CheckResult.Unknown("one", "an endpoint or method holds a placeholder"));
    }
}
