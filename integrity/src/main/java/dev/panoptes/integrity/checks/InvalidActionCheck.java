package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.Action;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fails when an action of an agent has no endpoint, an endpoint that is no path, or a method that HTTP does not have
 * (RFC 9110 section 9, RFC 5789). Case does not matter; no method means that of the caller.
 */
final class InvalidActionCheck implements Check {
    private static final CheckInfo INFO = CheckInfo.of(
            "invalid-action", Severity.MEDIUM, CheckGroup.REGISTRY, "an action cannot be called as it is declared");

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    @Override
    public CheckInfo info() {
        return INFO;
    }

    @Override
    public List<CheckResult> run(World world) {
        RegistryText text = new RegistryText(world.registry());
        List<CheckResult> results = new ArrayList<>();
        for (DeclaredAgent agent : world.registry().agents()) {
            if (!agent.actions().isEmpty()) {
                results.add(judge(agent, text));
            }
        }
        return results;
    }

    private static CheckResult judge(DeclaredAgent agent, RegistryText text) {
        List<String> faulty = new ArrayList<>();
        List<Evidence> evidence = new ArrayList<>();
        boolean open = false;
        for (Action action : agent.actions()) {
            String fault = fault(agent, action);
            if (fault != null) {
                faulty.add(action.name());
                evidence.add(text.line(action.location(), agent.key() + ": action " + action.name() + " " + fault));
            }
            open = open || isOpen(action.endpoint()) || isOpen(action.method());
        }
        if (faulty.isEmpty()) {
            return open
                    ? new CheckResult.Unknown(agent.key(), "an endpoint or method holds a placeholder")
                    : new CheckResult.Pass(agent.key());
        }
        return Failure.of(agent.key())
                .title("Agent '" + agent.key() + "' has " + faulty.size()
                        + (faulty.size() == 1 ? " action" : " actions") + " that cannot be called")
                .description("As declared, nobody can call " + RegistryText.names(faulty) + " of '" + agent.key()
                        + "': each action needs an endpoint that begins with '/' and, if any, an HTTP method.")
                .affected(agent.key())
                .evidence(evidence)
                .recommend("Write endpoint and method of each action, for example endpoint: /run, method: POST")
                .fail();
    }

    /** Null where nothing is wrong or it cannot be known. What has no port is not called by a path, nor are tools and skills. */
    private static @Nullable String fault(DeclaredAgent agent, Action action) {
        String endpoint = action.endpoint();
        String method = action.method();
        boolean called =
                agent.connection() == null || !agent.connection().protocol().tellsWhatItOffers();
        if (endpoint == null && called && !agent.portless()) {
            return "has no endpoint";
        }
        if (endpoint != null && !agent.portless() && !endpoint.startsWith("/") && !isOpen(endpoint)) {
            return "has the endpoint " + endpoint + ", which does not begin with '/'";
        }
        return method == null || isOpen(method) || isMethod(method)
                ? null
                : "has the method " + method + ", which HTTP does not have";
    }

    /** One method, or several as {@code GET|POST} or {@code GET, POST}. */
    private static boolean isMethod(String written) {
        for (String method : written.split("[|,/\\s]+", 0)) {
            if (!METHODS.contains(method.toUpperCase(Locale.ROOT))) {
                return false;
            }
        }
        return true;
    }

    /** True where only the running fleet knows it: a placeholder in a method, or where an endpoint begins. */
    private static boolean isOpen(@Nullable String written) {
        return written != null && !written.startsWith("/") && RegistryText.isTemplate(written);
    }
}
