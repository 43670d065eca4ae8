package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.Connection;
import dev.panoptes.core.registry.Protocol;
import dev.panoptes.integrity.checks.ObservedView.Claim;
import dev.panoptes.integrity.checks.ProbeView.Reply;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.observed.CardSignature;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An A2A card is signed, and not by the key that it names or that the registry declares. Silent for a card without a signature
 * where the registry declares no key either.
 */
final class CardSignatureCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "card-signature", Severity.HIGH, CheckGroup.PROBE, "the signature of an agent's A2A card is wrong");
    }

    @Override
    public List<CheckResult> run(World world) {
        ObservedView view = ObservedView.of(world);
        List<CheckResult> results = new ArrayList<>();
        if (view.applies()) {
            ProbeView probes = new ProbeView(view);
            for (Claim claim : view.copies()) {
                Connection connection = claim.agent().connection();
                if (connection != null
                        && connection.protocol() == Protocol.A2A
                        && claim.at().isHttp()
                        && probes.reply(claim) instanceof Reply.Healthy healthy) {
                    judge(claim, healthy, view).ifPresent(results::add);
                }
            }
        }
        return results;
    }

    private static Optional<CheckResult> judge(Claim claim, Reply.Healthy healthy, ObservedView view) {
        String key = claim.agent().key();
        CardSignature card = healthy.answer().card();
        if (card == null) {
            // An observer of before cards were verified.
            return Optional.empty();
        }
        return switch (card.outcome()) {
            case RIGHT -> Optional.of(new CheckResult.Pass(key));
            case UNVERIFIED -> Optional.of(new CheckResult.Unknown(key, "the card " + card.detail()));
            case UNSIGNED ->
                claim.agent().publicKey() == null
                        ? Optional.empty()
                        : Optional.of(new CheckResult.Unknown(key, "the card " + card.detail()));
            case WRONG -> Optional.of(fail(claim, healthy, card, view));
        };
    }

    private static CheckResult fail(Claim claim, Reply.Healthy healthy, CardSignature card, ObservedView view) {
        String key = claim.agent().key();
        return Failure.of(key)
                .host(ProbeView.host(claim))
                .port(claim.port())
                .title("The card of " + key + " " + card.detail())
                .description("The card at " + healthy.probe().url() + " " + card.detail()
                        + ": it was changed after it was signed, or somebody else made it. Its name, skills and URLs are"
                        + " not to be trusted.")
                .affected(key)
                .evidence(view.url(claim.agent()))
                .evidence(Sockets.asked(claim, healthy.probe(), card.detail()))
                .recommend("Find out who serves the card; sign it again if it was changed on purpose")
                .fail();
    }
}
