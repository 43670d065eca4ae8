package dev.panoptes.integrity.checks;

import dev.panoptes.code.Program;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.integrity.checks.UnitView.Claims;
import dev.panoptes.integrity.checks.UnitView.Unit;
import dev.panoptes.integrity.declared.Alternatives;
import dev.panoptes.integrity.declared.DeployedPath;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.Links;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.declared.UnitPrograms.Module;
import dev.panoptes.integrity.fleet.UnitNames;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A unit binds a port that the registry declares for an agent that is not the unit's own. Its own are the agent linked to it
 * and those whose name equals that of its directory or the one its program reports. Where a port is declared for its own agent
 * too, the unit takes nothing: that is a port-conflict of the registry.
 */
final class SystemdPortTakenByOtherAgentCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "systemd-port-taken-by-other-agent",
                Severity.CRITICAL,
                CheckGroup.SYSTEMD,
                "a unit binds a port that the registry declares for another agent");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Map<Integer, List<DeclaredAgent>> declared = declared(world.registry());
        UnitView.of(world).ifPresent(view -> view.units().forEach(unit -> judge(unit, declared, view, world, results)));
        return results;
    }

    private static Map<Integer, List<DeclaredAgent>> declared(Registry registry) {
        Map<Integer, List<DeclaredAgent>> declared = new HashMap<>();
        for (DeclaredAgent agent : registry.agents()) {
            if (registry.endpoint(agent) instanceof DeclaredEndpoint.At at && !CodeView.endsBefore(at, agent)) {
                declared.computeIfAbsent(at.port(), port -> new ArrayList<>()).add(agent);
            }
        }
        return declared;
    }

    private static void judge(
            Unit unit,
            Map<Integer, List<DeclaredAgent>> declared,
            UnitView view,
            World world,
            List<CheckResult> results) {
        Claims claims = view.claims(unit);
        Map<Integer, List<DeclaredAgent>> taken = new TreeMap<>();
        String unknown = claims.unknown() == null ? null : UnitView.unknownPort(unit, claims.unknown());
        for (int port : claims.certain().keySet()) {
            List<DeclaredAgent> others = others(declared.getOrDefault(port, List.of()), unit, view, world);
            if (!others.isEmpty()) {
                taken.put(port, others);
            }
        }
        for (int port : claims.possible().keySet()) {
            if (!others(declared.getOrDefault(port, List.of()), unit, view, world)
                    .isEmpty()) {
                unknown = "The copies of " + unit.name() + " bind different ports";
            }
        }
        String doubt = taken.isEmpty() ? null : doubt(unit, taken, view, world.links());
        if (doubt != null) {
            results.add(new CheckResult.Unknown(view.subject(unit), doubt));
        } else if (!taken.isEmpty()) {
            results.add(taken(unit, taken, claims, view, new RegistryText(world.registry())));
        } else if (unknown != null) {
            results.add(new CheckResult.Unknown(view.subject(unit), unknown));
        } else if (!claims.certain().isEmpty()) {
            results.add(new CheckResult.Pass(view.subject(unit)));
        }
    }

    /** Those of the agents on the unit's hosts; none where one of them is the unit's own. */
    private static List<DeclaredAgent> others(List<DeclaredAgent> declared, Unit unit, UnitView view, World world) {
        Set<String> hosts = new LinkedHashSet<>(view.hosts(unit));
        List<DeclaredAgent> here = declared.stream()
                .filter(agent -> world.registry().hostsOf(agent).stream().anyMatch(hosts::contains))
                .filter(agent -> !neverTogether(agent, unit, world))
                .toList();
        return here.stream().anyMatch(agent -> isOwn(agent, unit, view, world.links())) ? List.of() : here;
    }

    /** True where starting the unit stops all that the agent is started by ({@code Conflicts=}). */
    private static boolean neverTogether(DeclaredAgent agent, Unit unit, World world) {
        List<Launch> others = world.links().launches(agent);
        if (world.declarations() == null || others.isEmpty()) {
            return false;
        }
        Alternatives alternatives = new Alternatives(world.declarations());
        return unit.copies().stream()
                .allMatch(file -> world.links().launches().of(file).stream()
                        .anyMatch(launch ->
                                others.stream().allMatch(other -> alternatives.neverTogether(launch, other))));
    }

    private static boolean isOwn(DeclaredAgent agent, Unit unit, UnitView view, Links links) {
        if (view.agent(unit).filter(agent::equals).isPresent()) {
            return true;
        }
        return unit.copies().stream().anyMatch(file -> {
            Program program = view.programs().program(file);
            Stream<String> reported =
                    program == null ? Stream.of() : program.names().stream().map(name -> name.value());
            return Stream.concat(directoryNames(file), reported).anyMatch(name -> answersTo(agent, name))
                    || isCodeOf(agent, file, view, links)
                    || isInstanceFor(agent, file, links);
        });
    }

    /** An instance of {@code pilot@.service} is that of {@code pilot-east}, where nothing else starts that agent. */
    private static boolean isInstanceFor(DeclaredAgent agent, UnitFile file, Links links) {
        int at = file.name().indexOf('@');
        String template = at < 0 ? "" : Keys.link(file.name().substring(0, at));
        String key = Keys.link(agent.key());
        return !template.isEmpty()
                && links.launches(agent).isEmpty()
                && (key.equals(template) || key.startsWith(template + "-"));
    }

    /** The last component of the working directory. */
    private static Stream<String> directoryNames(UnitFile file) {
        String path = file.workingDirectory();
        if (path == null) {
            return Stream.of();
        }
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return Stream.of(trimmed.substring(trimmed.lastIndexOf('/') + 1));
    }

    private static boolean answersTo(DeclaredAgent agent, String name) {
        return agent.name() != null
                && !Keys.identity(name).isEmpty()
                && Keys.identity(name).equals(Keys.identity(agent.name().value()));
    }

    /**
     * A unit that works elsewhere than in an agent's directory, such as in the fleet's root, still starts that agent's code,
     * or is called like the agent.
     */
    private static boolean isCodeOf(DeclaredAgent agent, UnitFile file, UnitView view, Links links) {
        if (worksInCode(file, view)) {
            return false;
        }
        boolean starts = view.programs().module(file) instanceof Module.Exists(String rootPath)
                && links.directory(agent)
                        .filter(directory -> rootPath.startsWith(directory.rootPath() + "/"))
                        .isPresent();
        return starts || UnitNames.isCalledLike(file.shortName(), agent.key());
    }

    private static boolean worksInCode(UnitFile file, UnitView view) {
        String path = file.workingDirectory();
        return path != null
                && view.declarations().paths().locate(path) instanceof DeployedPath.Below below
                && view.declarations().code().directoryAt(below.rootPath()).isPresent();
    }

    /** Why its program may be the other agent after all; null where it may not. */
    private static @Nullable String doubt(
            Unit unit, Map<Integer, List<DeclaredAgent>> taken, UnitView view, Links links) {
        if (view.agent(unit).isPresent()) {
            return null;
        }
        if (unit.name().indexOf('@') > 0
                && taken.values().stream()
                        .flatMap(List::stream)
                        .allMatch(agent -> links.launches(agent).isEmpty()
                                && links.directory(agent).isEmpty())) {
            return "Nothing else of the tree starts the agent that is declared on the port of " + unit.name()
                    + ", so it may be its instance";
        }
        for (UnitFile file : unit.copies()) {
            Program program = view.programs().program(file);
            if (program != null && program.nameUnknown() != null) {
                return "Which agent " + unit.name() + " starts is not known: " + program.nameUnknown();
            }
        }
        if (unit.copies().stream().noneMatch(file -> view.programs().module(file) instanceof Module.Exists)) {
            return null;
        }
        // A program of the tree that is no agent's, and an agent that nothing of the tree starts: they may well belong
        // together.
        Optional<DeclaredAgent> loose = taken.values().stream()
                .flatMap(List::stream)
                .filter(agent -> links.launches(agent).isEmpty()
                        && links.directory(agent).isEmpty())
                .findFirst();
        if (loose.isPresent()) {
            return "Which agent " + unit.name() + " starts is not known: nothing else of the tree starts "
                    + loose.get().key() + ", which may be it";
        }
        return null;
    }

    private static CheckResult taken(
            Unit unit, Map<Integer, List<DeclaredAgent>> taken, Claims claims, UnitView view, RegistryText text) {
        int port = taken.keySet().iterator().next();
        List<String> others = taken.values().stream()
                .flatMap(List::stream)
                .map(DeclaredAgent::key)
                .distinct()
                .toList();
        List<Evidence> evidence = new ArrayList<>();
        taken.forEach((each, agents) -> {
            evidence.addAll(claims.certain().getOrDefault(each, List.of()));
            agents.forEach(agent -> evidence.add(text.url(agent)));
        });
        String ports = Words.list(taken.keySet());
        String names = Words.list(others);
        String owner = view.owner(unit).orElse(null);
        // A unit of the agent's own name that starts another's code is no thief of a port: it starts the wrong program.
        boolean misled = owner != null
                && others.size() == 1
                && UnitNames.isCalledLike(unit.first().shortName(), others.getFirst());
        return Failure.of(view.subject(unit))
                .host(view.host(unit))
                .port(port)
                .title(
                        misled
                                ? unit.name() + " starts " + owner + " instead of " + names + ", on port " + ports
                                : unit.name() + " binds port " + ports + ", which is declared for " + names)
                .description(
                        misled
                                ? unit.name() + " is called like " + names
                                        + ", but its directory and program are those of "
                                        + owner + ". Callers of " + names + " on port " + ports + " reach " + owner
                                        + ", and " + names + " does not run."
                                : "The registry declares port " + ports + " for " + names + ", but " + unit.name()
                                        + " binds it and is none of theirs. Callers of " + names
                                        + " reach another program, and the agent itself cannot start.")
                .affected(view.affected(unit))
                .affected(others)
                .evidence(evidence)
                .evidence(unit.copies().stream()
                        .filter(file -> file.workingDirectory() != null)
                        .map(UnitView::workingDirectory)
                        .toList())
                .recommend(
                        misled
                                ? "Let " + unit.name() + " start " + names
                                        + ": correct its WorkingDirectory and ExecStart"
                                : "Give " + unit.name()
                                        + " a port that nobody is declared on, or declare the agent that it starts")
                .fail();
    }
}
