package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.CodeFile;
import dev.panoptes.code.Language;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.Check;
import dev.panoptes.integrity.CheckGroup;
import dev.panoptes.integrity.CheckInfo;
import dev.panoptes.integrity.CheckResult;
import dev.panoptes.integrity.Failure;
import dev.panoptes.integrity.World;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.declared.DockerfileModules;
import dev.panoptes.integrity.declared.UnitFile;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A directory with code, none of which binds, while its Dockerfile or unit says a port. Does not apply where no file of the
 * code is run, as with a frontend that a package's server serves.
 */
final class EntryHasNoBindCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "entry-has-no-bind",
                Severity.MEDIUM,
                CheckGroup.CODE,
                "code binds no port, only its Dockerfile or unit says one");
    }

    @Override
    public List<CheckResult> run(World world) {
        CodeView view = CodeView.of(world);
        List<CheckResult> results = new ArrayList<>();
        for (CodeDirectory directory : view.directories().all()) {
            Said said = said(directory, view);
            if (said.ports().isEmpty() || !view.directories().hasEntry(directory)) {
                continue;
            }
            if (directory.programs().stream()
                    .anyMatch(program -> !program.binds().isEmpty())) {
                results.add(new CheckResult.Pass(directory.path()));
            } else if (directory.incomplete() != null) {
                results.add(new CheckResult.Unknown(directory.path(), directory.incomplete()));
            } else {
                Optional<CodeFile> unread = directory.files().stream()
                        .filter(file -> !file.language().read() || isServerSettings(file))
                        .findFirst();
                results.add(
                        unread.isEmpty()
                                ? noBind(directory, said)
                                : new CheckResult.Unknown(
                                        directory.path(), "What " + unread.get().rootPath() + " binds is not read"));
            }
        }
        return results;
    }

    /** {@code gunicorn.conf.py}: Python that sets what gunicorn binds, and calls nothing. */
    private static boolean isServerSettings(CodeFile file) {
        String name = file.path().substring(file.path().lastIndexOf('/') + 1);
        return file.language() == Language.PYTHON && name.startsWith("gunicorn") && name.contains("conf");
    }

    /** What says a port. */
    private record Said(Set<Integer> ports, Set<String> files, List<Evidence> evidence) {
        void add(PortValue port, String source, String file, int line, String text) {
            if (port instanceof PortValue.Known known) {
                ports.add(known.port());
                files.add(file);
                evidence.add(new Evidence(source, file, line, text));
            }
        }
    }

    private static Said said(CodeDirectory directory, CodeView view) {
        Said said = new Said(new LinkedHashSet<>(), new LinkedHashSet<>(), new ArrayList<>());
        for (Dockerfile file : view.directories().dockerfiles(directory)) {
            StartCommand start = file.start();
            if (view.directories().module(file) instanceof DockerfileModules.Module.Missing) {
                continue; // it claims no port
            }
            if (start != null && start.port() != null) {
                said.add(start.port(), "dockerfile", file.rootPath(), start.line(), start.text());
            }
            for (Dockerfile.Exposed exposed : file.exposed()) {
                said.add(exposed.port(), "dockerfile", file.rootPath(), exposed.line(), "EXPOSE");
            }
        }
        for (UnitFile unit : view.directories().units(directory)) {
            if (unit.details().job()) {
                continue; // it serves no port
            }
            StartCommand start = unit.start();
            if (start != null && start.port() != null) {
                said.add(start.port(), "unit", unit.startPath(), start.line(), start.text());
            }
            String port = unit.environment().get("PORT");
            if (port != null && port.matches("[1-9][0-9]{0,4}")) {
                PortValue known = new PortValue.Known(Integer.parseInt(port), "PORT");
                said.add(known, "unit", unit.rootPath(), 0, "Environment sets PORT to " + port);
            }
        }
        return said;
    }

    private static CheckResult noBind(CodeDirectory directory, Said said) {
        String port = Words.list(said.ports());
        String files = Words.list(said.files());
        return Failure.of(directory.path())
                .port(said.ports().iterator().next())
                .title("The code of " + directory.path() + " binds no port, " + files + " says " + port)
                .description("None of the " + Words.count(directory.files().size(), "source file") + " of "
                        + directory.path() + " binds a port; port " + port + " is known only from " + files
                        + ". Run by itself, the code serves nothing.")
                .affected(directory.path())
                .affected(said.files())
                .evidence(said.evidence())
                .recommend("Let the entry file bind the port when it is run, or remove the port where nothing listens")
                .fail();
    }
}
