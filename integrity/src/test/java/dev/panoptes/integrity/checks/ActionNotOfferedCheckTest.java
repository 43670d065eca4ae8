package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Seen.offering;
import static dev.panoptes.integrity.world.Seen.python;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.Protocol;
import dev.panoptes.integrity.observed.CardSignature;
import dev.panoptes.integrity.observed.ProbeAnswer;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ActionNotOfferedCheckTest {
    private final ActionNotOfferedCheck check = new ActionNotOfferedCheck();

    private static World answering(Worlds.Agent agent, ProbeAnswer answer) {
        return new WorldBuilder()
                .agent(agent)
                .snapshot(Seen.here()
                        .listener(8931, python("/srv/weather.py"))
                        .probe("weather", 8931, answer)
                        .build())
                .build();
    }

    private static Worlds.Agent weather(Protocol protocol) {
        return Worlds.agent("weather")
                .port(8931)
                .protocol(protocol)
                .action("forecast")
                .action("list-alerts");
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"A2A", "MCP"})
    void whatIsOfferedPassesWhateverCaseAndSeparators(Protocol protocol) throws InterruptedException {
        World world = answering(weather(protocol), offering("weather", List.of("Forecast", "list_alerts", "more")));

        assertThat(Verdicts.of(check, world)).containsExactly("pass weather");
    }

    @Test
    void methodsOfGrpcAreCalledByTheirOwnNames() throws InterruptedException {
        List<String> offers =
                List.of("weather.v1.Weather", "weather.v1.Weather/Forecast", "weather.v1.Weather/ListAlerts");

        assertThat(Verdicts.of(check, answering(weather(Protocol.GRPC), offering(null, offers))))
                .containsExactly("pass weather");
        assertThat(Verdicts.of(check, answering(weather(Protocol.GRPC), offering(null, offers.subList(0, 2)))))
                .containsExactly("fail weather [weather]");
        assertThat(Verdicts.of(new IdentityMismatchCheck(), answering(weather(Protocol.GRPC), offering(null, offers))))
                .isEmpty();
    }

    @Test
    void theSignatureOfACardIsJudged() throws InterruptedException {
        CardSignatureCheck signature = new CardSignatureCheck();
        for (CardSignature.Outcome outcome : CardSignature.Outcome.values()) {
            ProbeAnswer answer = new ProbeAnswer.Healthy(
                    200, "weather", null, null, null, List.of(), new CardSignature(outcome, "is so"), 1);
            assertThat(Verdicts.of(signature, answering(weather(Protocol.A2A), answer)))
                    .isEqualTo(
                            switch (outcome) {
                                case RIGHT -> List.of("pass weather");
                                case WRONG -> List.of("fail weather [weather]");
                                case UNVERIFIED -> List.of("unknown weather: the card is so");
                                case UNSIGNED -> List.of();
                            });
        }
        assertThat(Verdicts.of(signature, answering(weather(Protocol.A2A), offering("weather", List.of()))))
                .isEmpty();
    }

    @Test
    void whatIsNotOfferedIsNamedWithWhatIs() throws InterruptedException {
        World world = answering(weather(Protocol.MCP), offering("weather", List.of("forecast")));

        assertThat(Verdicts.of(check, world)).containsExactly("fail weather [weather]");
        assertThat(Verdicts.failure(check, world, "weather").evidence())
                .extracting(Evidence::text)
                .contains("weather: action list-alerts")
                .anyMatch(text -> text.startsWith("POST http://weather:8931") && text.endsWith(": offers forecast"));
    }

    @Test
    void anAgentThatOffersNothingLacksEverything() throws InterruptedException {
        World world = answering(weather(Protocol.A2A), offering("weather", List.of()));

        assertThat(Verdicts.failure(check, world, "weather").evidence())
                .extracting(Evidence::text)
                .anyMatch(text -> text.startsWith("GET ") && text.endsWith(": offers nothing"));
    }

    @Test
    void whatDoesNotTellAllIsUnknown() throws InterruptedException {
        assertThat(Verdicts.of(check, answering(weather(Protocol.MCP), offering("weather", null))))
                .containsExactly("unknown weather: it does not tell all that it offers");
    }

    @Test
    void whatWasNotAskedIsUnknown() throws InterruptedException {
        World world = answering(weather(Protocol.MCP), new ProbeAnswer.NotAsked("it answers only to whom it knows"));

        assertThat(Verdicts.of(check, world)).containsExactly("unknown weather: it answers only to whom it knows");
    }

    @Test
    void aHealthEndpointOrAnAgentWithoutActionsIsNotJudged() throws InterruptedException {
        assertThat(Verdicts.of(check, answering(weather(Protocol.HTTP), Seen.healthy("weather"))))
                .isEmpty();
        assertThat(Verdicts.of(
                        check,
                        answering(
                                Worlds.agent("weather").port(8931).protocol(Protocol.MCP),
                                offering("weather", List.of()))))
                .isEmpty();
    }

    @Test
    void oneMissingActionIsToldAsOneAndSeveralAsSeveral() throws InterruptedException {
        World one = answering(weather(Protocol.MCP), offering("weather", List.of("forecast")));
        assertThat(Verdicts.failure(check, one, "weather").description())
                .isEqualTo(
                        "The registry declares 'list-alerts' of weather, and http://weather:8931/health offers nothing"
                                + " of that name. Chains and callers that rely on it fail.");
        World both = answering(weather(Protocol.MCP), offering("weather", List.of("other")));
        assertThat(Verdicts.failure(check, both, "weather").description())
                .isEqualTo(
                        "The registry declares 'forecast' and 'list-alerts' of weather, and http://weather:8931/health"
                                + " offers nothing of these names. Chains and callers that rely on them fail.");
    }

    /** An action's endpoint may be what is offered, with or without the slash that it is declared with. */
    @Test
    void anEndpointIsOfferedWithoutItsSlash() throws InterruptedException {
        Worlds.Agent renamed = weather(Protocol.MCP);
        assertThat(Verdicts.of(check, answering(renamed, offering("weather", List.of("forecast", "LIST.alerts")))))
                .as("a name, in another case and with another separator")
                .containsExactly("pass weather");
        World world = answering(weather(Protocol.MCP), offering("weather", List.of("/forecast", "x/list-alerts")));
        assertThat(Verdicts.of(check, world)).containsExactly("pass weather");
    }

    /** How many are offered, and how many of them are not named. */
    @ParameterizedTest
    @CsvSource({"20, 0", "21, 1", "30, 10"})
    void ofManyOffersTwentyAreNamed(int count, int more) throws InterruptedException {
        List<String> offers =
                IntStream.rangeClosed(1, count).mapToObj(i -> "offer" + i).toList();
        World world = answering(weather(Protocol.MCP), offering("weather", offers));
        assertThat(Verdicts.failure(check, world, "weather")
                        .evidence()
                        .getLast()
                        .text())
                .endsWith("offer19, offer20" + (more == 0 ? "" : " and " + more + " more"));
    }
}
