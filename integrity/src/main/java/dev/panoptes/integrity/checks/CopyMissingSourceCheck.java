package dev.panoptes.integrity.checks;

import dev.panoptes.code.PathNames;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.BuildContexts;
import dev.panoptes.integrity.declared.BuildContexts.Answer;
import dev.panoptes.integrity.declared.BuildContexts.Source;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DirectoryNames;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.declared.MadeFiles;
import dev.panoptes.integrity.declared.StageProducts;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A Dockerfile that copies what its build context, or the stage that it copies from, does not hold: the build stops there. */
final class CopyMissingSourceCheck implements Check {
    /** What people call stages, and no image that could be pulled without a tag. */
    private static final Pattern STAGE = Pattern.compile(
            "(\\w+-)*(build|builder|building|deps|dependencies|dev|development|prod|production|base|compile|compiler|stage"
                    + "|install|installer|runtime|release|final|prepare|assets|test|tests)(-\\w+)*");

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "copy-missing-source",
                Severity.HIGH,
                CheckGroup.DOCKERFILE,
                "a Dockerfile copies what is not in its build context, or what an earlier stage does not make");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        BuildContexts contexts = world.links().images().orElseThrow().contexts();
        // A name may also be a further context of the build.
        boolean named = declarations.builds().namedContexts()
                || declarations.composeFiles().stream()
                        .anyMatch(file -> String.valueOf(declarations.code().text(file.rootPath()))
                                .contains("additional_contexts"));
        MadeFiles made = world.derived(MadeFiles.class, unused -> new MadeFiles(declarations));
        StageProducts products = new StageProducts(declarations, contexts);
        for (Dockerfile dockerfile : declarations.dockerfiles()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between Dockerfiles");
            }
            products.lacking(dockerfile).forEach(each -> results.add(failed(declarations, dockerfile, each)));
            Optional<Dockerfile.Copy> stageless = named ? Optional.empty() : stageless(dockerfile);
            if (stageless.isPresent()) {
                results.add(failed(declarations, dockerfile, stageless.get()));
                // That one stage is not there says nothing of the sources.
                List<CheckResult> sources = new ArrayList<>();
                judge(declarations, dockerfile, contexts.of(dockerfile), made, sources);
                sources.stream().filter(CheckResult.Fail.class::isInstance).forEach(results::add);
            } else {
                judge(declarations, dockerfile, contexts.of(dockerfile), made, results);
            }
        }
        return results;
    }

    /** A COPY from a stage that no FROM before it begins: Docker would pull an image of that name. */
    private static Optional<Dockerfile.Copy> stageless(Dockerfile dockerfile) {
        Set<String> earlier = new HashSet<>();
        for (Dockerfile.Stage stage : dockerfile.stages()) {
            for (Dockerfile.Copy copy : stage.copies()) {
                String from = copy.from() == null ? "" : copy.from().toLowerCase(Locale.ROOT);
                if (STAGE.matcher(from).matches() && !earlier.contains(from)) {
                    return Optional.of(copy);
                }
            }
            if (stage.name() != null) {
                earlier.add(stage.name().toLowerCase(Locale.ROOT));
            }
        }
        return Optional.empty();
    }

    private static CheckResult failed(Declarations declarations, Dockerfile dockerfile, Dockerfile.Copy copy) {
        List<String> names = dockerfile.stages().stream()
                .map(Dockerfile.Stage::name)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        Failure.Builder failure = Failure.of(dockerfile.rootPath() + "-from-" + copy.from())
                .title(dockerfile.rootPath() + " copies from the stage " + copy.from() + ", which it does not have")
                .description("No FROM before line " + copy.line() + " begins a stage called " + copy.from()
                        + ", so the build tries to pull an image of that name, and stops.")
                .recommend(
                        names.isEmpty()
                                ? "Name the stage that it copies from with AS " + copy.from()
                                : "Copy from one of its stages: " + Words.list(names))
                .evidence(new Evidence("dockerfile", dockerfile.rootPath(), copy.line(), "COPY --from=" + copy.from()));
        DirectoryNames.of(declarations, dockerfile.rootPath(), false).ifPresent(failure::affected);
        return failure.affected(dockerfile.rootPath()).fail();
    }

    private static CheckResult failed(Declarations declarations, Dockerfile dockerfile, StageProducts.Lacking lacking) {
        Failure.Builder failure = Failure.of(dockerfile.rootPath() + "-from-" + lacking.stage() + lacking.source())
                .title(dockerfile.rootPath() + " copies " + lacking.source() + " from the stage " + lacking.stage()
                        + ", which makes " + Words.list(lacking.made()))
                .description("Nothing in the stage " + lacking.stage() + " makes " + lacking.source()
                        + ", and no COPY brings it there, so the build stops at line "
                        + lacking.copy().line() + ". What its build makes is " + Words.list(lacking.made()) + ".")
                .recommend("Copy what the build makes, or let it make " + lacking.source())
                .evidence(new Evidence(
                        "dockerfile",
                        dockerfile.rootPath(),
                        lacking.copy().line(),
                        "COPY --from=" + lacking.stage() + " " + lacking.source()));
        DirectoryNames.of(declarations, dockerfile.rootPath(), false).ifPresent(failure::affected);
        return failure.affected(dockerfile.rootPath()).fail();
    }

    private static void judge(
            Declarations declarations,
            Dockerfile dockerfile,
            List<Answer> answers,
            MadeFiles made,
            List<CheckResult> results) {
        boolean whole = true;
        for (Answer answer : answers) {
            switch (answer) {
                case Answer.Nothing nothing -> whole = false;
                case Answer.Unclear(String reason) -> {
                    whole = false;
                    results.add(new CheckResult.Unknown(
                            dockerfile.rootPath(), "Whether all that it copies is there is not known: " + reason));
                }
                case Answer.Known all -> {
                    Answer.Known known = all;
                    for (Source source : all.missing()) {
                        String doubt = made.doubt(PathNames.join(all.context(), source.written()));
                        if (doubt != null) {
                            whole = false;
                            known = known.without(source);
                            results.add(new CheckResult.Unknown(
                                    dockerfile.rootPath(),
                                    "Whether " + source.written() + ", which it copies, is there is not known: "
                                            + doubt));
                        }
                    }
                    if (!known.missing().isEmpty() || !known.ignored().isEmpty()) {
                        results.add(failed(declarations, dockerfile, known));
                        return;
                    }
                }
            }
        }
        if (whole) {
            results.add(new CheckResult.Pass(dockerfile.rootPath()));
        }
    }

    private static CheckResult failed(Declarations declarations, Dockerfile dockerfile, Answer.Known known) {
        List<Source> gone = new ArrayList<>(known.missing());
        gone.addAll(known.ignored());
        List<String> names = gone.stream().map(Source::written).distinct().toList();
        boolean ignored = known.missing().isEmpty();
        String context = known.context().isEmpty() ? "." : known.context();
        Failure.Builder failure = Failure.of(dockerfile.rootPath())
                .title(dockerfile.rootPath() + " copies " + Words.list(names)
                        + (ignored
                                ? ", which .dockerignore keeps out of the build"
                                : ", which " + Words.be(names) + " not in its build context"))
                .description("The image is built from " + context + ", and the build stops at line "
                        + gone.getFirst().copy().line() + ": " + Words.list(names)
                        + " " + Words.be(names)
                        + (ignored ? " excluded by .dockerignore." : " not there."))
                .recommend(
                        ignored
                                ? "Let .dockerignore take it back with a line that begins with !"
                                : "Restore it, or let the line name what is there, relative to " + context)
                .evidence(gone.stream()
                        .map(source -> new Evidence(
                                "dockerfile",
                                dockerfile.rootPath(),
                                source.copy().line(),
                                "COPY " + source.written()))
                        .distinct()
                        .toList());
        DirectoryNames.of(declarations, dockerfile.rootPath(), false).ifPresent(failure::affected);
        return failure.affected(dockerfile.rootPath()).fail();
    }
}
