package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.Chain;
import dev.panoptes.core.registry.ChainStep;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.yaml.Located;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Fails when chains call each other in a cycle, or one calls itself: started once, they never end. */
final class ChainCycleCheck implements Check {
    private static final CheckInfo INFO =
            CheckInfo.of("chain-cycle", Severity.MEDIUM, CheckGroup.REGISTRY, "chains call each other in a cycle");

    /** A step that calls a chain. @param to the place of the called chain */
    private record Call(int to, Located<String> written) {}

    @Override
    public CheckInfo info() {
        return INFO;
    }

    @Override
    public List<CheckResult> run(World world) {
        List<Chain> chains = world.registry().chains();
        RegistryText text = new RegistryText(world.registry());
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < chains.size(); i++) {
            places.putIfAbsent(Keys.link(chains.get(i).name()), i);
        }
        List<List<Call>> calls = new ArrayList<>();
        List<CheckResult> results = new ArrayList<>();
        boolean[] open = new boolean[chains.size()];
        boolean[] calling = new boolean[chains.size()];
        for (int i = 0; i < chains.size(); i++) {
            List<Call> own = new ArrayList<>();
            for (Located<String> called : called(chains.get(i))) {
                calling[i] = true;
                open[i] = open[i] || RegistryText.isTemplate(called.value());
                Integer to = places.get(Keys.link(called.value()));
                if (to != null) {
                    own.add(new Call(to, called));
                }
            }
            calls.add(own);
        }
        CallCycles cycles = new CallCycles(calls.stream()
                .map(own -> own.stream().mapToInt(Call::to).toArray())
                .toArray(int[][]::new));
        boolean[] circling = new boolean[chains.size()];
        for (List<Integer> cycle : cycles.all()) {
            cycle.forEach(chain -> circling[chain] = true);
            results.add(failure(cycle, chains, calls, text));
        }
        for (int i = 0; i < chains.size(); i++) {
            String name = chains.get(i).name();
            if (calling[i] && !circling[i]) {
                results.add(
                        open[i]
                                ? new CheckResult.Unknown(name, "a chain that it calls is chosen when it runs")
                                : new CheckResult.Pass(name));
            }
        }
        return results;
    }

    private static List<Located<String>> called(Chain chain) {
        List<Located<String>> called = new ArrayList<>();
        chain.steps().stream().flatMap(ChainStep::flatten).forEach(step -> {
            Located<String> target = step.chain();
            if (target != null) {
                called.add(target);
            }
        });
        return called;
    }

    private static CheckResult failure(
            List<Integer> cycle, List<Chain> chains, List<List<Call>> calls, RegistryText text) {
        List<String> names =
                cycle.stream().map(chain -> chains.get(chain).name()).sorted().toList();
        Set<Integer> members = new HashSet<>(cycle);
        List<Evidence> evidence = new ArrayList<>();
        for (int chain : cycle) {
            for (Call call : calls.get(chain)) {
                if (members.contains(call.to())) {
                    evidence.add(text.line(
                            call.written().location(),
                            "chain " + chains.get(chain).name() + " calls chain "
                                    + call.written().value()));
                }
            }
        }
        return Failure.of(names.getFirst())
                .title(
                        names.size() == 1
                                ? "Chain '" + names.getFirst() + "' calls itself"
                                : "Chains " + RegistryText.names(names) + " call each other in a cycle")
                .description("Once started, the chain reaches itself again and only a limit of the program that runs it"
                        + " ends it.")
                .affected(names)
                .evidence(evidence)
                .recommend("Remove one of the calls shown")
                .fail();
    }
}
