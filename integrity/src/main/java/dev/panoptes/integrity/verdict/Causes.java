package dev.panoptes.integrity.verdict;

import dev.panoptes.core.issue.Issue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which issue follows from which. Checks are independent: none is silent because another explains it. Here what one finds is
 * put below what makes it so, by the rules of one table, each with its reason; where none holds, an issue is its own cause.
 */
public final class Causes {
    /** What an issue and its cause must have in common. */
    private enum Bond {
        /** The agent, or what else the cause names first, on the same host. */
        AGENT,
        /** Host and port. */
        PORT,
        /** What both name first, on the same host. */
        SELF,
        /** Everything that the effect is about is affected by the cause too. */
        ALL
    }

    /** @param reason why the effect cannot but follow */
    private record Rule(String effect, String cause, Bond bond, String reason) {}

    private static final List<Rule> RULES = List.of(
            rule("port-conflict", "compose-host-port-conflict", Bond.PORT, "two services publish the port"),
            rule("port-conflict", "compose-replicas-port", Bond.PORT, "the copies of one service publish the port"),
            rule("port-conflict", "container-port-conflict", Bond.PORT, "two containers of one network bind the port"),
            rule("port-conflict", "process-port-conflict", Bond.PORT, "two processes of one file bind the port"),
            rule("code-port-conflict", "process-port-conflict", Bond.PORT, "two processes of one file bind the port"),
            rule("code-port-conflict", "systemd-port-conflict", Bond.PORT, "the units of both bind the port"),
            rule("code-port-conflict", "compose-host-port-conflict", Bond.PORT, "two services take the port"),
            rule(
                    "systemd-port-conflict",
                    "systemd-port-taken-by-other-agent",
                    Bond.PORT,
                    "one of the units takes the port of the other's agent"),
            rule(
                    "port-mismatch-systemd-registry",
                    "systemd-port-taken-by-other-agent",
                    Bond.SELF,
                    "its unit takes the port of another agent"),
            rule("port-mismatch-registry-code", "port-mismatch-systemd-registry", Bond.SELF, "its unit starts it so"),
            rule("port-mismatch-registry-code", "port-mismatch-registry-compose", Bond.SELF, "compose starts it so"),
            rule("compose-missing-dockerfile", "compose-missing-context", Bond.AGENT, "what holds it is missing"),
            rule("dockerfile-missing-module", "compose-missing-context", Bond.AGENT, "what holds it is missing"),
            rule("systemd-missing-module", "systemd-missing-workdir", Bond.AGENT, "the directory of it is missing"),
            rule("duplicate-identity", "duplicate-dir", Bond.ALL, "both directories are one agent"),
            rule("code-port-conflict", "duplicate-dir", Bond.ALL, "both directories are one agent"),
            rule("service-not-running", "systemd-missing-workdir", Bond.AGENT, "the unit cannot start without it"),
            rule("service-not-running", "systemd-missing-module", Bond.AGENT, "the unit cannot start without it"),
            rule("service-not-running", "unit-double-exec", Bond.AGENT, "systemd refuses the unit"),
            rule("service-not-running", "unit-missing-env-file", Bond.AGENT, "systemd refuses to start it without"),
            rule("service-not-running", "unit-missing-dependency", Bond.AGENT, "systemd refuses to start it without"),
            rule("container-missing", "compose-missing-env-file", Bond.AGENT, "compose refuses to start it without"),
            rule("port-not-listening", "service-not-running", Bond.AGENT, "the unit that would listen is down"),
            rule(
                    "port-not-listening",
                    "port-mismatch-registry-code",
                    Bond.AGENT,
                    "the agent listens where its code says"),
            rule(
                    "undeclared-listener",
                    "port-mismatch-registry-code",
                    Bond.AGENT,
                    "the agent listens where its code says"),
            rule("listener-owner", "port-conflict", Bond.PORT, "only one of the agents can have the port"),
            rule("identity-mismatch", "listener-owner", Bond.AGENT, "another program answers"),
            rule("identity-mismatch", "port-conflict", Bond.PORT, "another agent of the port answers"),
            rule("port-mismatch", "identity-mismatch", Bond.AGENT, "another agent answers"),
            rule("port-mismatch", "listener-owner", Bond.AGENT, "another program answers"),
            rule("version-mismatch", "identity-mismatch", Bond.AGENT, "another agent answers"),
            rule("version-mismatch", "listener-owner", Bond.AGENT, "another program answers"),
            rule("action-not-offered", "identity-mismatch", Bond.AGENT, "another agent answers"),
            rule("action-not-offered", "listener-owner", Bond.AGENT, "another program answers"),
            rule("health-check-error", "listener-owner", Bond.AGENT, "another program answers"),
            rule("health-check-error", "health-path-unserved", Bond.AGENT, "no route serves the path that is asked"),
            rule("agent-unresponsive", "listener-owner", Bond.AGENT, "another program has the port"),
            rule("code-drift", "listener-owner", Bond.AGENT, "another program has the port"),
            rule("lost-agent", "service-not-running", Bond.AGENT, "its unit is down"),
            rule("lost-agent", "port-not-listening", Bond.AGENT, "it does not run"));

    private Causes() {}

    private static Rule rule(String effect, String cause, Bond bond, String reason) {
        return new Rule(effect, cause, bond, reason);
    }

    /** The issues, each that follows from another of them with its cause. */
    public static List<Issue> link(List<Issue> issues) {
        Map<String, List<Issue>> byCheck = new HashMap<>();
        issues.forEach(issue -> byCheck.computeIfAbsent(issue.check(), check -> new ArrayList<>())
                .add(issue));
        List<Issue> linked = new ArrayList<>(issues.size());
        for (Issue issue : issues) {
            Issue cause = cause(issue, byCheck);
            linked.add(cause == null ? issue : issue.following(cause.id()));
        }
        return linked;
    }

    private static @Nullable Issue cause(Issue effect, Map<String, List<Issue>> byCheck) {
        for (Rule rule : RULES) {
            if (rule.effect().equals(effect.check())) {
                for (Issue candidate : byCheck.getOrDefault(rule.cause(), List.of())) {
                    if (binds(rule.bond(), effect, candidate)) {
                        return candidate;
                    }
                }
            }
        }
        return null;
    }

    private static boolean binds(Bond bond, Issue effect, Issue cause) {
        if (!effect.host().equals(cause.host())
                || effect.affected().isEmpty()
                || cause.affected().isEmpty()) {
            return false;
        }
        return switch (bond) {
            case PORT -> effect.port() != null && effect.port().equals(cause.port());
            case AGENT ->
                effect.affected().contains(cause.affected().getFirst())
                        || cause.affected().contains(effect.affected().getFirst());
            case SELF -> effect.affected().getFirst().equals(cause.affected().getFirst());
            case ALL -> cause.affected().containsAll(effect.affected());
        };
    }

    /** Why this issue follows from that one, in words that follow "because"; null where no rule says so. */
    public static @Nullable String reason(Issue effect, Issue cause) {
        return RULES.stream()
                .filter(rule ->
                        rule.effect().equals(effect.check()) && rule.cause().equals(cause.check()))
                .findFirst()
                .map(Rule::reason)
                .orElse(null);
    }

    /**
     * An issue that follows from no other.
     *
     * @param consequences all that follows from it, directly or not, in the report's order
     */
    public record Cause(Issue issue, List<Issue> consequences) {
        public Cause {
            consequences = List.copyOf(consequences);
        }
    }

    /** The causes among the issues of one report, each where it or the first of its consequences stands. */
    public static List<Cause> tree(List<Issue> issues) {
        Map<String, Issue> byId = new HashMap<>();
        issues.forEach(issue -> byId.put(issue.id(), issue));
        Map<String, List<Issue>> consequences = new LinkedHashMap<>();
        for (Issue issue : issues) {
            String root = root(issue, byId).id();
            List<Issue> of = consequences.computeIfAbsent(root, each -> new ArrayList<>());
            if (!root.equals(issue.id())) {
                of.add(issue);
            }
        }
        List<Cause> tree = new ArrayList<>();
        consequences.forEach((id, of) -> {
            Issue cause = byId.get(id);
            if (cause != null) {
                tree.add(new Cause(cause, of));
            }
        });
        return tree;
    }

    private static Issue root(Issue issue, Map<String, Issue> byId) {
        Issue at = issue;
        Set<String> passed = new HashSet<>();
        while (at.cause() != null && passed.add(at.id())) {
            Issue next = byId.get(at.cause());
            if (next == null) {
                return at;
            }
            at = next;
        }
        return at;
    }
}
