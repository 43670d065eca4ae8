package dev.panoptes.integrity.evaluation;

import dev.panoptes.integrity.evaluation.Fleet.Agent;
import dev.panoptes.integrity.evaluation.Fleet.Dir;
import dev.panoptes.integrity.evaluation.Fleet.Program;
import dev.panoptes.integrity.evaluation.Fleet.Service;
import dev.panoptes.integrity.evaluation.Fleet.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is wrong with the code of a fleet, by the words of the checks' definitions applied to what its author meant. The other
 * groups are in {@link RegistryTruth}, {@link UnitTruth} and {@link ComposeTruth}.
 */
final class Truth {
    private static final Set<String> CODE = Set.of("py", "js", "mjs", "ts", "go", "java", "sh");
    private static final Set<String> NO_CODE = Set.of("tests", "node_modules", ".venv");

    private final Fleet fleet;
    private final List<Label> labels = new ArrayList<>();

    private Truth(Fleet fleet) {
        this.fleet = fleet;
    }

    static List<Label> of(Fleet fleet) {
        Truth truth = new Truth(fleet);
        truth.codePortConflicts();
        truth.directories();
        truth.agents();
        truth.pairs();
        truth.labels.addAll(RegistryTruth.of(fleet));
        truth.labels.addAll(UnitTruth.of(fleet));
        truth.labels.addAll(ComposeTruth.of(fleet));
        return truth.labels;
    }

    // --- words ---

    /** Case is ignored and {@code -} equals {@code _}. */
    static String link(String key) {
        return key.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Case and separators do not matter. */
    static String identity(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    static int codeLines(String text) {
        return (int) text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith("//"))
                .count();
    }

    static int codeLines(Dir dir) {
        return dir.files.entrySet().stream()
                .filter(file -> isCode(file.getKey()))
                .mapToInt(file -> codeLines(file.getValue()))
                .sum();
    }

    private static boolean isCode(String path) {
        int slash = path.indexOf('/');
        return CODE.contains(path.substring(path.lastIndexOf('.') + 1))
                && (slash < 0 || !NO_CODE.contains(path.substring(0, slash)));
    }

    /** The registry's path, else the directory called like the key. */
    static Dir dirOf(Agent agent, Fleet fleet) {
        return fleet.dirs.stream()
                .filter(dir -> agentsOf(dir, fleet).contains(agent))
                .findFirst()
                .orElse(null);
    }

    static List<Agent> agentsOf(Dir dir, Fleet fleet) {
        return fleet.agents.stream()
                .filter(agent -> agent.path == null
                        ? link(agent.key).equals(link(dir.name))
                        : agent.path.equals(fleet.agentsPath + "/" + dir.name))
                .toList();
    }

    /** The registry's unit, else the last component of the working directory. */
    static List<Agent> agentsOf(Unit unit, Fleet fleet) {
        List<Agent> named = fleet.agents.stream()
                .filter(agent -> agent.unit != null && unit.name().equals(agent.unit + ".service"))
                .toList();
        return !named.isEmpty() || unit.directory() == null
                ? named
                : fleet.agents.stream()
                        .filter(agent -> agent.unit == null && link(agent.key).equals(link(unit.directory())))
                        .toList();
    }

    static List<Agent> withKey(String key, Fleet fleet) {
        return fleet.agents.stream()
                .filter(agent -> link(agent.key).equals(link(key)))
                .toList();
    }

    /** Ports bound by its code, or passed by its Dockerfile to a module that is there. */
    static Set<Integer> claims(Dir dir) {
        Set<Integer> ports = new TreeSet<>();
        dir.programs.stream().filter(Program::runnable).forEach(program -> ports.addAll(program.ports()));
        if (dir.docker != null && dir.docker.port() != null && dir.docker.moduleThere()) {
            ports.add(dir.docker.port());
        }
        return ports;
    }

    // --- definitions ---

    private void codePortConflicts() {
        Map<Integer, List<String>> byPort = new TreeMap<>();
        for (Dir dir : fleet.dirs) {
            launched(dir)
                    .forEach(port -> byPort.computeIfAbsent(port, any -> new ArrayList<>())
                            .add(dir.name));
        }
        byPort.forEach((port, dirs) -> {
            if (dirs.size() > 1) {
                // agents of different hosts cannot meet; whether their code then conflicts the words leave open
                long here = dirs.stream()
                        .filter(dir -> agentsOf(fleet.dir(dir), fleet).stream().noneMatch(agent -> agent.host != null))
                        .count();
                if (dirs.stream()
                        .noneMatch(dir -> !agentsOf(fleet.dir(dir), fleet).isEmpty()
                                || fleet.units.stream().anyMatch(unit -> dir.equals(unit.directory())))) {
                    return;
                }
                Label label = new Label("code-port-conflict", List.of(Integer.toString(port)), false);
                labels.add(here < 2 ? label.open() : new Label(label.check(), named(dirs, port), false));
            }
        });
    }

    /** What its launches bind on the host: its units', nothing where only containers are built from it; else its claims. */
    private Set<Integer> launched(Dir dir) {
        List<Unit> units = fleet.units.stream()
                .filter(unit -> dir.name.equals(unit.directory()))
                .toList();
        Set<Integer> ports = new TreeSet<>();
        units.stream()
                .map(unit -> UnitTruth.port(unit, fleet))
                .filter(Objects::nonNull)
                .forEach(ports::add);
        List<Service> services = fleet.composeFiles.stream()
                .flatMap(file -> file.services().stream())
                .filter(service -> dir.name.equals(service.builds))
                .toList();
        if (services.stream().anyMatch(service -> service.hostNetwork)) {
            ports.addAll(claims(dir));
        }
        return units.isEmpty() && services.isEmpty() ? claims(dir) : ports;
    }

    /** The compose services that are this agent's. */
    static List<Service> services(Agent agent, Fleet fleet) {
        return fleet.composeFiles.stream()
                .flatMap(file -> file.services().stream())
                .filter(service -> link(service.name).equals(link(agent.key)))
                .toList();
    }

    private List<String> named(List<String> dirs, int port) {
        List<String> names = new ArrayList<>(List.of(Integer.toString(port)));
        dirs.stream()
                .filter(dir -> agentsOf(fleet.dir(dir), fleet).stream().noneMatch(agent -> agent.host != null))
                .forEach(names::add);
        return names;
    }

    private void directories() {
        for (Dir dir : fleet.dirs) {
            if (!dir.programs.isEmpty() && agentsOf(dir, fleet).isEmpty()) {
                labels.add(Label.of("dir-without-registry", dir.name));
            }
            List<Program> direct = dir.programs.stream()
                    .filter(program -> program.direct() && program.runnable())
                    .toList();
            List<Integer> bound = direct.stream()
                    .filter(program -> !program.file().endsWith(".sh"))
                    .flatMap(program -> program.ports().stream())
                    .toList();
            if (bound.size() != Set.copyOf(bound).size()) {
                labels.add(Label.of("same-dir-duplicate-entrypoints", dir.name));
            }
            if (direct.stream()
                            .flatMap(program -> program.ports().stream())
                            .distinct()
                            .count()
                    > 1) {
                labels.add(Label.of("dir-binds-multiple-ports", dir.name));
            }
        }
    }

    private void agents() {
        for (Agent agent : fleet.agents) {
            Dir dir = dirOf(agent, fleet);
            boolean elsewhere = agent.exe != null || (agent.url != null && agent.url.startsWith("https://"));
            if (dir == null && !elsewhere) {
                labels.add(Label.of("registry-without-dir", agent.key));
            }
            if (dir == null || dir.entry() == null) {
                continue;
            }
            String reports = identity(dir.entry().reports());
            if (!reports.equals(identity(agent.key)) && !reports.equals(identity(agent.name))) {
                labels.add(Label.of("identity-name-mismatch", agent.key));
            }
            Set<Integer> binds = claims(dir);
            if (agent.port != null && !binds.isEmpty() && !binds.contains(agent.port) && !isSet(agent, dir)) {
                labels.add(Label.of("port-mismatch-registry-code", agent.key));
            }
        }
    }

    /** The deployment sets the variable of the port to the declared one, or compose leads it to the code's. */
    private boolean isSet(Agent agent, Dir dir) {
        boolean byCompose = fleet.composeFiles.stream()
                .flatMap(file -> file.services().stream())
                .filter(service -> link(service.name).equals(link(agent.key)))
                .anyMatch(service -> (dir.entry().variable() != null
                                && agent.port
                                        .toString()
                                        .equals(service.environment.get(
                                                dir.entry().variable())))
                        || service.ports.stream()
                                .anyMatch(port ->
                                        port.host() == agent.port && claims(dir).contains(port.container())));
        boolean byUnit = "PORT".equals(dir.entry().variable())
                && fleet.units.stream()
                        .anyMatch(unit -> dir.name.equals(unit.directory()) && agent.port.equals(unit.sets()));
        return byCompose || byUnit;
    }

    private void pairs() {
        List<Dir> serving =
                fleet.dirs.stream().filter(dir -> dir.entry() != null).toList();
        for (int i = 0; i < serving.size(); i++) {
            for (int j = i + 1; j < serving.size(); j++) {
                pair(serving.get(i), serving.get(j));
            }
        }
    }

    private void pair(Dir a, Dir b) {
        String first = a.entry().reports();
        String second = b.entry().reports();
        boolean sameName = identity(first).equals(identity(second));
        boolean extended = extended(first, second) || extended(second, first);
        boolean port = claims(a).stream().anyMatch(claims(b)::contains);
        boolean entry = a.entry().fileName().equals(b.entry().fileName());
        int lines = Math.max(codeLines(a), codeLines(b));
        boolean third = 3 * Math.min(codeLines(a), codeLines(b)) < lines;
        int held = (port ? 1 : 0) + (entry ? 1 : 0) + (third ? 1 : 0);
        boolean alike = a.template != null && a.template.equals(b.template);
        boolean differentAgents =
                !agentsOf(a, fleet).isEmpty() && !agentsOf(b, fleet).isEmpty();
        boolean duplicate = (sameName && held >= 2)
                || (extended && port && held >= 2)
                || (alike && (sameName || ((extended || port) && !differentAgents)));
        if (duplicate) {
            labels.add(Label.of("duplicate-dir", a.name, b.name));
        } else if (sameName) {
            labels.add(Label.of("duplicate-identity", a.name, b.name));
        }
    }

    /** The first is the second plus whole words. */
    private static boolean extended(String longer, String shorter) {
        String words = words(longer);
        return !words.equals(words(shorter)) && words.contains(words(shorter));
    }

    private static String words(String name) {
        return List.of(name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")).stream()
                .collect(Collectors.joining(" ", " ", " "));
    }
}
