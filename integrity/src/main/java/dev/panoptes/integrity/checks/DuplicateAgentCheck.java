package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.yaml.Located;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fails when the keys of two agents, or the names of two agents of one host, differ at most in case and separators: links and
 * health answers cannot tell them apart. One key that stands twice in the file is the same fault.
 */
final class DuplicateAgentCheck implements Check {
    private static final CheckInfo INFO = CheckInfo.of(
            "duplicate-agent",
            Severity.HIGH,
            CheckGroup.REGISTRY,
            "two agents have keys or names that differ at most in case or separators");

    @Override
    public CheckInfo info() {
        return INFO;
    }

    @Override
    public List<CheckResult> run(World world) {
        Registry registry = world.registry();
        RegistryText text = new RegistryText(registry);
        Map<Location, Problem> repeated = new HashMap<>();
        for (Problem problem : world.declared().problems()) {
            if (problem.code().equals("duplicate-key")) {
                repeated.put(problem.location(), problem);
            }
        }
        List<CheckResult> results = new ArrayList<>();
        for (List<DeclaredAgent> group : groups(registry)) {
            DeclaredAgent first = group.getFirst();
            Problem twice = repeated.get(first.location());
            if (group.size() > 1) {
                results.add(alike(group, text));
            } else if (twice != null) {
                results.add(twice(first, twice, text));
            } else {
                results.add(new CheckResult.Pass(first.key()));
            }
        }
        return results;
    }

    /** The agents that cannot be told apart, each group in file order; most groups have one agent. */
    private static List<List<DeclaredAgent>> groups(Registry registry) {
        List<DeclaredAgent> agents = registry.agents();
        int[] leader = new int[agents.size()];
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < agents.size(); i++) {
            leader[i] = i;
            DeclaredAgent agent = agents.get(i);
            join(leader, i, first.putIfAbsent("key " + Keys.apart(agent.key()), i));
            join(
                    leader,
                    i,
                    first.putIfAbsent("name " + registry.hostOf(agent) + " " + Keys.apart(agent.displayName()), i));
        }
        Map<Integer, List<DeclaredAgent>> groups = new LinkedHashMap<>();
        for (int i = 0; i < agents.size(); i++) {
            groups.computeIfAbsent(leaderOf(leader, i), key -> new ArrayList<>())
                    .add(agents.get(i));
        }
        return List.copyOf(groups.values());
    }

    private static void join(int[] leader, int agent, @Nullable Integer other) {
        if (other != null) {
            int a = leaderOf(leader, agent);
            int b = leaderOf(leader, other);
            leader[Math.max(a, b)] = Math.min(a, b);
        }
    }

    private static int leaderOf(int[] leader, int agent) {
        int at = agent;
        while (leader[at] != at) {
            leader[at] = leader[leader[at]];
            at = leader[at];
        }
        return at;
    }

    private static CheckResult alike(List<DeclaredAgent> group, RegistryText text) {
        List<String> keys = group.stream().map(DeclaredAgent::key).toList();
        List<Evidence> evidence = new ArrayList<>();
        for (DeclaredAgent agent : group) {
            Located<String> name = agent.name();
            evidence.add(text.line(
                    name == null ? agent.location() : name.location(),
                    agent.key() + (name == null ? ": no name" : ": name " + name.value())));
        }
        return Failure.of(String.join("-", keys))
                .title("Agents " + RegistryText.names(keys) + " cannot be told apart")
                .description(
                        "Their keys or names differ at most in case and separators. Directories and units link by key"
                                + " and health answers are compared with names, so each of them may be taken for the"
                                + " other.")
                .affected(keys)
                .evidence(evidence)
                .recommend("Remove the entry that is a leftover, or give each agent a key and a name of its own")
                .fail();
    }

    private static CheckResult twice(DeclaredAgent agent, Problem problem, RegistryText text) {
        return Failure.of(agent.key())
                .title("Agent '" + agent.key() + "' is declared twice")
                .description("In the file " + problem.message() + ". What the earlier entry says is ignored.")
                .affected(agent.key())
                .evidence(text.line(problem.location(), problem.message()))
                .recommend("Remove one of the two entries")
                .fail();
    }
}
