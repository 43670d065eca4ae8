package dev.panoptes.integrity.plan;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.Program;
import dev.panoptes.core.issue.Issue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Something runs, or is there to run, that nobody declared, and its code says what it is: declare it. */
final class DeclareFix implements Fix {
    @Override
    public Set<String> checks() {
        return Set.of("undeclared-listener", "dir-without-registry");
    }

    @Override
    public Optional<FixPlan> plan(Issue issue, PlanContext context) {
        Optional<CodeDirectory> directory = issue.affected().stream()
                .flatMap(name -> context.directory(name).stream())
                .findFirst();
        Workspace workspace = context.workspace();
        if (directory.isEmpty() || workspace == null) {
            return Optional.empty();
        }
        if (directory.get().files().stream().noneMatch(file -> workspace.exists(file.rootPath()))) {
            return Optional.of(Fix.of(
                    issue,
                    true,
                    new FixStep(
                            "Nothing of its own: the steps before retire "
                                    + directory.get().rootPath(),
                            "",
                            context.scanOnly(issue),
                            "take back the steps before",
                            Risk.LOW)));
        }
        Optional<Program> program = directory.get().programs().stream()
                .filter(found -> found.ports().size() == 1)
                .findFirst();
        if (program.isEmpty() || !issue.check().equals("undeclared-listener")) {
            // That a directory is there says nothing about whether it should be: its owners decide.
            return Optional.empty();
        }
        String key = directory.get().name();
        int port = program.get().ports().getFirst();
        boolean patched = context.agent(key).isEmpty()
                && context.registryFile()
                        .map(file -> declare(file, key, program.get(), port, workspace))
                        .orElse(false);
        return Optional.of(Fix.of(
                issue,
                patched,
                new FixStep(
                        "Declare " + key + " on port " + port + " in the registry, or stop it",
                        "",
                        "somebody owns it: git log --format='%an %ad' -- "
                                + directory.get().rootPath(),
                        "take the entry out again",
                        Risk.LOW)));
    }

    /** Adds an entry behind the {@code agents:} line, indented like the entries there. Idempotent within a plan. */
    private static boolean declare(String file, String key, Program program, int port, Workspace workspace) {
        List<String> lines = workspace.lines(file).orElse(List.of());
        int at = lines.indexOf("agents:");
        if (at < 0) {
            return false;
        }
        String indent = "  ";
        for (int i = at + 1; i < lines.size(); i++) {
            String stripped = lines.get(i).stripLeading();
            if (!stripped.isEmpty() && !stripped.startsWith("#")) {
                indent = lines.get(i).substring(0, lines.get(i).length() - stripped.length());
                break;
            }
        }
        if (indent.isEmpty() || lines.contains(indent + key + ":")) {
            return !indent.isEmpty();
        }
        List<String> entry = new ArrayList<>();
        entry.add(indent + key + ":");
        if (!program.names().isEmpty()) {
            entry.add(indent + "  name: " + quoted(program.names().getFirst().value()));
        }
        entry.add(indent + "  connection: {url: 'http://" + key + ":" + port + "', health_endpoint: /health}");
        entry.add(indent + "  actions:");
        entry.add(indent + "    health: {endpoint: /health, method: GET}");
        entry.add("");
        workspace.insertLines(file, at + 1, entry);
        return true;
    }

    /** A YAML single-quoted scalar on one line (YAML 1.2.2, section 7.3.2). */
    private static String quoted(String text) {
        return "'" + text.replaceAll("\\p{Cntrl}", " ").replace("'", "''") + "'";
    }
}
