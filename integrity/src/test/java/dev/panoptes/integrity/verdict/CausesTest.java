package dev.panoptes.integrity.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Fingerprint;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.world.WorldBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class CausesTest {
    private static Issue issue(String check, String host, Integer port, String... affected) {
        return new Issue(
                check + "-" + affected[0],
                check,
                check,
                Severity.HIGH,
                "t",
                "d",
                List.of(affected),
                "r",
                List.of(Evidence.of("x", "e")),
                Fingerprint.of(check, host, affected[0]),
                host,
                port,
                WorldBuilder.NOW,
                null,
                IssueState.NEW,
                null);
    }

    private static Issue issue(String check, Integer port, String... affected) {
        return issue(check, "local", port, affected);
    }

    private static List<String> causes(Issue... issues) {
        return Causes.link(List.of(issues)).stream()
                .map(each -> each.id() + " <- " + each.cause())
                .toList();
    }

    @Test
    void whatIsDownDoesNotListen() {
        assertThat(causes(issue("port-not-listening", 8014, "hermes"), issue("service-not-running", null, "hermes")))
                .containsExactly(
                        "port-not-listening-hermes <- service-not-running-hermes",
                        "service-not-running-hermes <- null");
    }

    @Test
    void anotherAgentAnotherHostAndAnotherPortCauseNothing() {
        assertThat(causes(issue("port-not-listening", 8014, "hermes"), issue("service-not-running", null, "atlas")))
                .allMatch(each -> each.endsWith("null"));
        assertThat(causes(
                        issue("port-not-listening", "web-1", 8014, "hermes"),
                        issue("service-not-running", "web-2", null, "hermes")))
                .allMatch(each -> each.endsWith("null"));
        assertThat(causes(
                        issue("port-conflict", 8014, "hermes", "atlas"),
                        issue("compose-host-port-conflict", 8015, "compose.yaml#a", "compose.yaml#b")))
                .allMatch(each -> each.endsWith("null"));
    }

    @Test
    void aPortThatAUnitTakesIsToldOnce() {
        List<Issue> linked = Causes.link(List.of(
                issue("systemd-port-taken-by-other-agent", 8302, "warden", "units/warden.service", "courier"),
                issue("systemd-port-conflict", 8302, "courier", "units/courier.service", "warden"),
                issue("code-port-conflict", 8302, "courier", "warden"),
                issue("port-mismatch-systemd-registry", 8303, "warden", "units/warden.service"),
                issue("port-mismatch-registry-code", 8303, "warden"),
                issue("port-mismatch-systemd-registry", 8304, "courier", "units/courier.service")));
        assertThat(Causes.tree(linked))
                .extracting(
                        cause -> cause.issue().id() + " " + cause.consequences().size())
                .containsExactly(
                        "systemd-port-taken-by-other-agent-warden 4", "port-mismatch-systemd-registry-courier 0");
    }

    @Test
    void whatComposeStartsOnAnotherPortAndOnASharedOneIsToldOnce() {
        List<Issue> linked = Causes.link(List.of(
                issue("code-port-conflict", 9602, "drum", "flute"),
                issue("compose-host-port-conflict", 9602, "compose.yaml#drum", "drum"),
                issue("port-mismatch-registry-code", 9603, "drum", "agents/drum/main.go"),
                issue("port-mismatch-registry-code", 9601, "horn", "compose.yaml"),
                issue("port-mismatch-registry-compose", 9603, "drum", "compose.yaml#drum")));
        assertThat(Causes.tree(linked))
                .extracting(
                        cause -> cause.issue().id() + " " + cause.consequences().size())
                .containsExactly(
                        "compose-host-port-conflict-compose.yaml#drum 1",
                        "port-mismatch-registry-compose-drum 1",
                        "port-mismatch-registry-code-horn 0");
    }

    @Test
    void theMissingContextComesBeforeWhatItHolds() {
        assertThat(causes(
                        issue("compose-missing-dockerfile", null, "compose.yaml#web"),
                        issue("compose-missing-context", null, "compose.yaml#web")))
                .contains("compose-missing-dockerfile-compose.yaml#web <- compose-missing-context-compose.yaml#web");
    }

    @Test
    void consequencesOfConsequencesAreFoldedBelowTheFirstCause() {
        List<Issue> linked = Causes.link(List.of(
                issue("port-conflict", 8014, "hermes", "atlas"),
                issue("listener-owner", 8014, "hermes", "atlas"),
                issue("identity-mismatch", 8014, "hermes"),
                issue("version-mismatch", 8014, "hermes"),
                issue("no-actions", null, "rosie")));

        assertThat(Causes.tree(linked))
                .extracting(
                        cause -> cause.issue().id() + " " + cause.consequences().size())
                .containsExactly("port-conflict-hermes 3", "no-actions-rosie 0");
        assertThat(Causes.reason(linked.get(1), linked.get(0))).isEqualTo("only one of the agents can have the port");
        assertThat(Causes.reason(linked.get(4), linked.get(0))).isNull();
    }

    @Test
    void aPairOfCopiesExplainsOnlyWhatIsAboutBoth() {
        assertThat(causes(issue("code-port-conflict", 8014, "a", "b"), issue("duplicate-dir", null, "a", "b")))
                .contains("code-port-conflict-a <- duplicate-dir-a");
        assertThat(causes(issue("code-port-conflict", 8014, "a", "b", "c"), issue("duplicate-dir", null, "a", "b")))
                .contains("code-port-conflict-a <- null");
    }
}
