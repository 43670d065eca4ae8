package dev.panoptes.integrity.evaluation;

import dev.panoptes.integrity.evaluation.Fleet.Agent;
import dev.panoptes.integrity.evaluation.Fleet.Dir;
import dev.panoptes.integrity.evaluation.Fleet.Program;
import dev.panoptes.integrity.evaluation.Fleet.Unit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is wrong with the units. */
final class UnitTruth {
    private final Fleet fleet;
    private final List<Label> labels = new ArrayList<>();

    private UnitTruth(Fleet fleet) {
        this.fleet = fleet;
    }

    static List<Label> of(Fleet fleet) {
        UnitTruth truth = new UnitTruth(fleet);
        fleet.units.forEach(truth::unit);
        truth.ports();
        for (Agent agent : fleet.agents) {
            boolean linked = fleet.units.stream()
                    .anyMatch(unit -> Truth.agentsOf(unit, fleet).contains(agent));
            if (agent.core && !linked) {
                truth.labels.add(Label.of("no-systemd", agent.key));
            }
        }
        return truth.labels;
    }

    /** The program that the unit starts, by its own code; null where it starts none of the tree. */
    private Program program(Unit unit) {
        if (unit.module() == null || !unit.moduleThere()) {
            return null;
        }
        Dir dir = fleet.dirs.stream()
                .filter(each -> each.name.equals(unit.directory()))
                .findFirst()
                .orElseThrow();
        return dir.programs.stream()
                .filter(program -> program.file().equals(unit.module()))
                .findFirst()
                .orElse(null);
    }

    /** A port on the command line is what the unit binds, else what its module binds; null where neither is known. */
    static Integer port(Unit unit, Fleet fleet) {
        return new UnitTruth(fleet).port(unit);
    }

    private Integer port(Unit unit) {
        Program program = program(unit);
        if (unit.port() != null) {
            return unit.port();
        }
        if (program == null || program.ports().isEmpty()) {
            return null;
        }
        return unit.sets() != null && "PORT".equals(program.variable())
                ? unit.sets()
                : program.ports().getFirst();
    }

    private void unit(Unit unit) {
        if (!unit.directoryThere()) {
            labels.add(Label.of("systemd-missing-workdir", unit.path()));
            labels.add(Label.of("systemd-missing-module", unit.path()).open());
        } else if (unit.module() != null && !unit.moduleThere()) {
            labels.add(Label.of("systemd-missing-module", unit.path()));
        }
        Program program = program(unit);
        Integer port = port(unit);
        if (port == null) {
            return;
        }
        List<Agent> linked = Truth.agentsOf(unit, fleet);
        for (Agent agent : linked) {
            if (agent.port != null && !agent.port.equals(port)) {
                // a second unit beside one on the declared port may be a second instance
                boolean second = fleet.units.stream()
                        .filter(other -> Truth.agentsOf(other, fleet).contains(agent))
                        .anyMatch(other -> agent.port.equals(port(other)));
                Label label = Label.of("port-mismatch-systemd-registry", agent.key, unit.path());
                boolean served = Truth.services(agent, fleet).stream()
                        .anyMatch(service -> service.ports.stream()
                                .anyMatch(
                                        each -> agent.port.equals(each.host()) || agent.port.equals(each.container())));
                labels.add(linked.size() > 1 || second || served ? label.open() : label);
                boolean byDefault = unit.port() == null && unit.sets() == null && program != null;
                if (byDefault && program.ports().contains(port)) {
                    Label code = Label.of("port-mismatch-systemd-code", unit.path());
                    labels.add(linked.size() > 1 || second || served ? code.open() : code);
                }
            }
        }
        List<Agent> declared = fleet.agents.stream()
                .filter(agent -> port.equals(agent.port) && agent.url == null && agent.host == null)
                .toList();
        boolean own = declared.stream().anyMatch(agent -> isOwn(agent, unit, program, linked));
        for (Agent agent : declared) {
            if (!isOwn(agent, unit, program, linked)) {
                // where its own agent is declared on the port as well, the registry is at odds with itself
                Label label = Label.of("systemd-port-taken-by-other-agent", unit.path());
                labels.add(own ? label.open() : label);
            }
        }
    }

    private static boolean isOwn(Agent agent, Unit unit, Program program, List<Agent> linked) {
        String name = Truth.identity(agent.name);
        return linked.contains(agent)
                || (unit.directory() != null && name.equals(Truth.identity(unit.directory())))
                || (program != null && program.reports() != null && name.equals(Truth.identity(program.reports())));
    }

    private void ports() {
        Map<Integer, List<Unit>> byPort = new TreeMap<>();
        for (Unit unit : fleet.units) {
            Integer port = port(unit);
            if (port != null) {
                byPort.computeIfAbsent(port, any -> new ArrayList<>()).add(unit);
            }
        }
        byPort.forEach((port, units) -> {
            Set<String> directories = new HashSet<>();
            units.forEach(unit -> directories.add(unit.directory()));
            if (directories.size() > 1) {
                labels.add(Label.of("systemd-port-conflict", Integer.toString(port)));
            }
            for (String directory : directories) {
                List<String> same = units.stream()
                        .filter(unit -> directory.equals(unit.directory()))
                        .map(Unit::path)
                        .toList();
                if (same.size() > 1) {
                    labels.add(new Label("systemd-duplicate-unit", same, false));
                }
            }
        });
    }
}
