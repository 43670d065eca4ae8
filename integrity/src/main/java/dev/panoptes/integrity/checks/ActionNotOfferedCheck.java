package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.Action;
import dev.panoptes.core.registry.Connection;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.integrity.checks.ObservedView.Claim;
import dev.panoptes.integrity.checks.ProbeView.Reply;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An agent whose protocol tells what it offers (A2A skills, MCP tools, methods of gRPC) lacks a declared action. What it offers beyond the
 * registry is its own affair.
 */
final class ActionNotOfferedCheck implements Check {
    private static final int MOST_NAMED = 20;

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "action-not-offered",
                Severity.MEDIUM,
                CheckGroup.PROBE,
                "a declared action is none of the skills or tools that the agent offers");
    }

    @Override
    public List<CheckResult> run(World world) {
        ObservedView view = ObservedView.of(world);
        List<CheckResult> results = new ArrayList<>();
        if (view.applies()) {
            ProbeView probes = new ProbeView(view);
            RegistryText text = new RegistryText(world.registry());
            for (Claim claim : view.copies()) {
                DeclaredAgent agent = claim.agent();
                Connection connection = agent.connection();
                boolean tells = connection != null && connection.protocol().tellsWhatItOffers();
                if (tells
                        && claim.at().isHttp()
                        && !agent.statusOnly()
                        && !agent.actions().isEmpty()) {
                    judge(claim, probes.reply(claim), text, results);
                }
            }
        }
        return results;
    }

    private static void judge(Claim claim, Reply reply, RegistryText text, List<CheckResult> results) {
        String key = claim.agent().key();
        switch (reply) {
            case Reply.Healthy healthy -> {
                List<String> offers = healthy.answer().offers();
                if (offers == null) {
                    results.add(new CheckResult.Unknown(key, "it does not tell all that it offers"));
                    return;
                }
                Set<String> known = offers.stream()
                        .flatMap(ActionNotOfferedCheck::names)
                        .map(Keys::identity)
                        .collect(Collectors.toSet());
                List<Action> lacking = claim.agent().actions().stream()
                        .filter(action ->
                                !known.contains(Keys.identity(action.name())) && !offers.contains(endpoint(action)))
                        .toList();
                results.add(
                        lacking.isEmpty() ? new CheckResult.Pass(key) : fail(claim, lacking, offers, healthy, text));
            }
            case Reply.Unknown(String reason) -> results.add(new CheckResult.Unknown(key, reason));
            case Reply.Faulty ignored -> {}
            case Reply.Unresponsive ignored -> {}
            case Reply.Offline() -> {}
        }
    }

    /** A method of gRPC, {@code package.Service/Method}, is also called by its own name, a service also without its package. */
    private static Stream<String> names(String offer) {
        return Stream.of(
                offer, offer.substring(offer.lastIndexOf('/') + 1), offer.substring(offer.lastIndexOf('.') + 1));
    }

    private static String endpoint(Action action) {
        String endpoint = String.valueOf(action.endpoint());
        return endpoint.startsWith("/") ? endpoint.substring(1) : endpoint;
    }

    private static CheckResult fail(
            Claim claim, List<Action> lacking, List<String> offers, Reply.Healthy healthy, RegistryText text) {
        String key = claim.agent().key();
        List<String> names = lacking.stream().map(Action::name).toList();
        Failure.Builder failure = Failure.of(key)
                .host(ProbeView.host(claim))
                .port(claim.port())
                .title(key + " does not offer " + RegistryText.names(names))
                .description("The registry declares " + RegistryText.names(names) + " of " + key + ", and "
                        + healthy.probe().url() + " offers nothing of "
                        + (names.size() == 1 ? "that name" : "these names")
                        + ". Chains and callers that rely on " + (names.size() == 1 ? "it" : "them") + " fail.")
                .affected(key);
        for (Action action : lacking) {
            failure.evidence(text.line(action.location(), key + ": action " + action.name()));
        }
        return failure.evidence(Sockets.asked(claim, healthy.probe(), "offers " + told(offers)))
                .recommend("Deploy the version that offers what is declared, or correct the actions in the registry")
                .fail();
    }

    private static String told(List<String> offers) {
        if (offers.isEmpty()) {
            return "nothing";
        }
        String named = String.join(", ", offers.subList(0, Math.min(MOST_NAMED, offers.size())));
        return offers.size() > MOST_NAMED ? named + " and " + (offers.size() - MOST_NAMED) + " more" : named;
    }
}
