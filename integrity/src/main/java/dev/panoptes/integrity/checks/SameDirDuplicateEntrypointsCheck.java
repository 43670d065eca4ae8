package dev.panoptes.integrity.checks;

import dev.panoptes.code.Bind;
import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.Language;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.Program;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Two runnable servers directly in one directory bind one port. A program that only runs another one's server, such as a
 * start script or a module that imports its {@code main}, is no second server.
 */
final class SameDirDuplicateEntrypointsCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "same-dir-duplicate-entrypoints",
                Severity.MEDIUM,
                CheckGroup.CODE,
                "two runnable servers in one directory bind one port");
    }

    @Override
    public List<CheckResult> run(World world) {
        CodeView view = CodeView.of(world);
        List<CheckResult> results = new ArrayList<>();
        for (CodeDirectory directory : view.directories().all()) {
            List<Program> servers = directory.programs().stream()
                    .filter(program -> program.direct()
                            && program.runnable()
                            && program.language() != Language.SHELL
                            && !program.binds().isEmpty())
                    .toList();
            if (!servers.isEmpty()) {
                results.add(judge(directory, servers));
            }
        }
        return results;
    }

    private static CheckResult judge(CodeDirectory directory, List<Program> servers) {
        Map<Integer, List<Server>> byPort = new TreeMap<>();
        Set<String> places = new HashSet<>();
        List<Bind> unresolved = new ArrayList<>();
        // a server's own file first, so that what imports its main is not taken for the server
        List<Program> ownFirst = new ArrayList<>();
        servers.stream().filter(SameDirDuplicateEntrypointsCheck::bindsItself).forEach(ownFirst::add);
        servers.stream().filter(program -> !bindsItself(program)).forEach(ownFirst::add);
        for (Program program : ownFirst) {
            Set<String> mine = new HashSet<>();
            for (Bind bind : program.binds()) {
                String place = bind.file() + ":" + bind.line();
                if (places.contains(place)) {
                    continue;
                }
                mine.add(place);
                switch (bind.port()) {
                    case PortValue.Known known -> {
                        List<Server> there = byPort.computeIfAbsent(known.port(), port -> new ArrayList<>());
                        if (there.stream().noneMatch(server -> server.program().equals(program))) {
                            there.add(new Server(program, bind));
                        }
                    }
                    case PortValue.Unresolved unused -> unresolved.add(bind);
                }
            }
            places.addAll(mine);
        }
        byPort.values().removeIf(there -> there.size() < 2);
        if (!byPort.isEmpty()) {
            return duplicates(directory, byPort);
        }
        if (directory.incomplete() != null) {
            return new CheckResult.Unknown(directory.path(), directory.incomplete());
        }
        if (!unresolved.isEmpty() && servers.size() > 1) {
            Bind first = unresolved.getFirst();
            return new CheckResult.Unknown(
                    directory.path(), "The port bound at " + first.file() + ":" + first.line() + " is not known");
        }
        return new CheckResult.Pass(directory.path());
    }

    private record Server(Program program, Bind bind) {}

    private static boolean bindsItself(Program program) {
        return program.binds().stream().anyMatch(bind -> bind.file().equals(program.rootPath()));
    }

    private static CheckResult duplicates(CodeDirectory directory, Map<Integer, List<Server>> byPort) {
        List<String> files = byPort.values().stream()
                .flatMap(List::stream)
                .map(server -> server.program().rootPath())
                .distinct()
                .sorted()
                .toList();
        int port = byPort.keySet().iterator().next();
        Failure.Builder failure = Failure.of(directory.path())
                .port(port)
                .title(directory.path() + " has " + files.size() + " runnable servers for port "
                        + Words.list(byPort.keySet()))
                .description(Words.list(files) + " can each be run and bind port " + Words.list(byPort.keySet())
                        + ". Which of them is the agent cannot be told from the directory.")
                .affected(directory.path())
                .affected(files)
                .recommend("Keep the one that runs and retire the others");
        byPort.values().stream()
                .flatMap(List::stream)
                .map(Server::bind)
                .forEach(bind -> failure.evidence(new Evidence("code", bind.file(), bind.line(), bind.text())));
        return failure.fail();
    }
}
