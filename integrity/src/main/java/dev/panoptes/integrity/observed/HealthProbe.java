package dev.panoptes.integrity.observed;

import dev.panoptes.core.AddressText;
import dev.panoptes.core.Tasks;
import dev.panoptes.core.Tasks.Outcome;
import dev.panoptes.integrity.observed.ProbeTarget.Destination;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Asks the health endpoint of every declared agent, once, many at the same time. */
final class HealthProbe {
    private final Questions questions = new Questions();
    private final Supplier<SSLSocketFactory> secure;

    HealthProbe() {
        this(() -> (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    HealthProbe(Supplier<SSLSocketFactory> secure) {
        this.secure = secure;
    }

    /** In the order of the targets. What has not answered when the deadline passes was not asked. */
    List<Probe> ask(List<ProbeTarget> targets, int concurrency, Duration deadline) throws InterruptedException {
        try (NameLookup lookup = new NameLookup();
                HttpProbe http = new HttpProbe(secure)) {
            List<Callable<Probe>> tasks = new ArrayList<>();
            for (ProbeTarget target : targets) {
                tasks.add(() -> ask(target, lookup, http));
            }
            List<Outcome<Probe>> outcomes = Tasks.runAll(tasks, concurrency, deadline);
            List<Probe> probes = new ArrayList<>();
            for (int i = 0; i < targets.size(); i++) {
                ProbeTarget target = targets.get(i);
                probes.add(
                        switch (outcomes.get(i)) {
                            case Outcome.Done<Probe>(Probe probe) -> probe;
                            case Outcome.Failed<Probe>(Throwable cause) ->
                                notAsked(target, null, "the probe itself failed: " + cause);
                            case Outcome.TimedOut<Probe>() ->
                                notAsked(target, null, "the deadline of all probes had passed");
                        });
            }
            return probes;
        }
    }

    private Probe ask(ProbeTarget target, NameLookup lookup, HttpProbe http) throws InterruptedException {
        return switch (target.destination()) {
            case Destination.None(String reason) -> notAsked(target, null, reason);
            case Destination.Addresses(List<String> literals) ->
                ask(target, literals.stream().map(InetAddress::ofLiteral).toList(), http);
            case Destination.Name(String name) -> {
                List<InetAddress> allowed = new ArrayList<>();
                String refusal = "has no address";
                try {
                    for (InetAddress address : lookup.resolve(name, target.timeout())) {
                        String refused = AddressPolicy.refusal(address);
                        if (refused == null) {
                            allowed.add(address);
                        } else {
                            refusal = "resolves to " + AddressText.of(address.getAddress()) + ", which " + refused;
                        }
                    }
                } catch (UnknownHostException e) {
                    yield notAsked(target, null, String.valueOf(e.getMessage()));
                }
                yield allowed.isEmpty() ? notAsked(target, null, name + " " + refusal) : ask(target, allowed, http);
            }
        };
    }

    /** Tries the addresses in turn until one accepts the connection; else the first refusal counts. */
    private Probe ask(ProbeTarget target, List<InetAddress> addresses, HttpProbe http) throws InterruptedException {
        Probe answer = notAsked(target, null, target.host() + " has no address");
        for (InetAddress address : addresses) {
            HttpProbe.Asked asked = http.ask(target, address, questions.of(target.protocol()));
            Probe next = new Probe(
                    target.agent(),
                    target.url(),
                    target.port(),
                    AddressText.of(address.getAddress()),
                    asked.answer(),
                    asked.proof());
            boolean reached = switch (next.answer()) {
                case ProbeAnswer.Healthy ignored -> true;
                case ProbeAnswer.Faulty ignored -> true;
                case ProbeAnswer.Refused() -> false;
                case ProbeAnswer.NotAsked ignored -> asked.reached();
            };
            if (reached) {
                return next;
            }
            answer = answer.answer() instanceof ProbeAnswer.NotAsked ? next : answer;
        }
        return answer;
    }

    private static Probe notAsked(ProbeTarget target, @Nullable String address, String reason) {
        return new Probe(target.agent(), target.url(), target.port(), address, new ProbeAnswer.NotAsked(reason));
    }
}
