package dev.panoptes.integrity.plan;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.Language;
import dev.panoptes.code.Program;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DeployedPath;
import dev.panoptes.integrity.declared.UnitFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A core agent has no unit: write one like its neighbours'. */
final class MissingUnitFix implements Fix {
    private static final Pattern PLAIN_PATH = Pattern.compile("[A-Za-z0-9_@+:,./-]+");

    @Override
    public Set<String> checks() {
        return Set.of("no-systemd", "registry-missing-unit");
    }

    @Override
    public Optional<FixPlan> plan(Issue issue, PlanContext context) {
        Optional<DeclaredAgent> agent = context.agent(issue.affected().getFirst());
        Optional<CodeDirectory> directory =
                agent.flatMap(found -> context.world().links().directory(found));
        Declarations declarations = context.world().declarations();
        if (agent.isEmpty() || directory.isEmpty() || declarations == null) {
            return Optional.empty();
        }
        if (issue.check().equals("registry-missing-unit")
                && context.world().links().launches().starts(directory.get())) {
            // Something starts it already, so that the name is wrong and no unit is missing.
            return Optional.empty();
        }
        Optional<Program> program = directory.get().programs().stream()
                .filter(found -> found.runnable() && !found.ports().isEmpty())
                .findFirst();
        Optional<UnitFile> neighbour = declarations.units().stream()
                .filter(unit -> deployedPrefix(unit, declarations).isPresent())
                .findFirst();
        String key = agent.get().key();
        String unit = unitName(agent.get(), context);
        boolean patched = false;
        String path = unit;
        if (program.isPresent() && neighbour.isPresent()) {
            String folder = neighbour
                    .get()
                    .rootPath()
                    .substring(0, neighbour.get().rootPath().lastIndexOf('/') + 1);
            path = folder + unit;
            patched = write(path, agent.get(), directory.get(), program.get(), neighbour.get(), declarations, context);
        }
        return Optional.of(Fix.of(
                issue,
                patched,
                new FixStep(
                        "Write " + path + " for " + key,
                        "systemd-analyze verify " + path,
                        "it starts by hand from " + directory.get().rootPath(),
                        "remove " + path,
                        Risk.LOW),
                new FixStep(
                        "Install and enable it",
                        "sudo install -m 644 " + path + " /etc/systemd/system/" + unit
                                + " && sudo systemctl daemon-reload && sudo systemctl enable --now " + unit,
                        "nothing else listens on its port",
                        "sudo systemctl disable --now " + unit + " && sudo rm /etc/systemd/system/" + unit,
                        Risk.HIGH)));
    }

    private static String unitName(DeclaredAgent agent, PlanContext context) {
        if (agent.unit() != null) {
            return agent.unit().endsWith(".service") ? agent.unit() : agent.unit() + ".service";
        }
        String pattern = context.world().profile().unitPattern();
        return pattern == null
                ? agent.key().toLowerCase(Locale.ROOT) + ".service"
                : pattern.replace("{key}", agent.key());
    }

    /** The prefix that stands for the root on the deployed machine, as this unit's working directory shows. */
    private static Optional<String> deployedPrefix(UnitFile unit, Declarations declarations) {
        String directory = unit.workingDirectory();
        if (directory == null || unit.start() == null || unit.rootPath().indexOf('/') < 0) {
            return Optional.empty();
        }
        return declarations.paths().locate(directory) instanceof DeployedPath.Below below
                        && below.exists()
                        && directory.endsWith("/" + below.rootPath())
                ? Optional.of(directory.substring(
                        0, directory.length() - below.rootPath().length()))
                : Optional.empty();
    }

    private static boolean write(
            String path,
            DeclaredAgent agent,
            CodeDirectory directory,
            Program program,
            UnitFile neighbour,
            Declarations declarations,
            PlanContext context) {
        Optional<String> prefix = deployedPrefix(neighbour, declarations);
        Workspace workspace = context.workspace();
        if (prefix.isEmpty() || workspace == null || workspace.exists(path)) {
            return false;
        }
        List<String> beside = workspace.lines(neighbour.rootPath()).orElse(List.of());
        Optional<String> interpreter = interpreter(program.language(), neighbour, beside);
        if (interpreter.isEmpty()
                || !PLAIN_PATH.matcher(program.path()).matches()
                || !PLAIN_PATH.matcher(directory.rootPath()).matches()) {
            return false;
        }
        List<String> lines = new ArrayList<>(List.of(
                "[Unit]",
                "Description="
                        + agent.displayName().replaceAll("\\p{Cntrl}", " ").replace("%", "%%"),
                "After=network.target",
                "",
                "[Service]"));
        beside.stream()
                .filter(line -> line.startsWith("User=") || line.startsWith("Group="))
                .forEach(lines::add);
        lines.addAll(List.of(
                "WorkingDirectory=" + prefix.get() + directory.rootPath(),
                "ExecStart=" + interpreter.get() + " " + program.path(),
                "Restart=on-failure",
                "",
                "[Install]",
                "WantedBy=multi-user.target",
                ""));
        workspace.create(path, lines);
        return true;
    }

    /** What the neighbour's program is run by, where ours is of the same kind; empty where that belongs to the neighbour alone. */
    private static Optional<String> interpreter(Language language, UnitFile neighbour, List<String> lines) {
        Optional<String> usual = runner(language);
        if (usual.isEmpty()) {
            return usual;
        }
        String name = usual.get().substring(usual.get().lastIndexOf('/') + 1);
        for (String line : lines) {
            if (line.startsWith("ExecStart=")) {
                String first = line.substring("ExecStart=".length()).strip().split("\\s", 2)[0];
                String base = first.substring(first.lastIndexOf('/') + 1);
                boolean same = base.replaceAll("[0-9.]+$", "").equals(name.replaceAll("[0-9.]+$", ""));
                if (same && PLAIN_PATH.matcher(first).matches()) {
                    String own = String.valueOf(neighbour.workingDirectory());
                    return first.startsWith(own + "/") ? Optional.empty() : Optional.of(first);
                }
            }
        }
        return usual;
    }

    private static Optional<String> runner(Language language) {
        return switch (language) {
            case PYTHON -> Optional.of("/usr/bin/python3");
            case JAVASCRIPT -> Optional.of("/usr/bin/node");
            case SHELL -> Optional.of("/bin/sh");
            case TYPESCRIPT, GO, JAVA -> Optional.empty();
        };
    }
}
