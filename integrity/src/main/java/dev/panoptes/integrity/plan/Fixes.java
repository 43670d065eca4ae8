package dev.panoptes.integrity.plan;

import java.util.List;

/** Every fix there is, in the order of a plan. An issue is mended by the first that can. */
final class Fixes {
    private Fixes() {}

    static List<Fix> all() {
        return List.of(
                new RetireDirectoryFix(),
                new MovePortFix(),
                new ReportedNameFix(),
                new ReportedPortFix(),
                new RegistryPortFix(),
                new ChainStepFix(),
                new ComposePortFix(),
                new MissingUnitFix(),
                new WorkingDirectoryFix(),
                new DeclareFix());
    }
}
