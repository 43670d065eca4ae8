package dev.panoptes.integrity.checks;

import dev.panoptes.integrity.judging.Check;
import java.util.List;

/** Every check there is, by group. To add one, write its class and its line here. */
public final class Checks {
    private Checks() {}

    public static List<Check> all() {
        return List.of(new Check[] {
            // registry
            new RegistryParseErrorCheck(),
            new MissingUrlCheck(),
            new NoActionsCheck(),
            new InvalidChainRefCheck(),
            new PortConflictCheck(),
            new DuplicateAgentCheck(),
            new InvalidUrlCheck(),
            new InvalidPortCheck(),
            new InvalidActionCheck(),
            new ChainUnknownActionCheck(),
            new ChainCycleCheck(),
            new ChainDuplicateStepCheck(),
            new IntentUnknownAgentCheck(),
            new IntentUnknownChainCheck(),

            // code
            new CodePortConflictCheck(),
            new DuplicateDirCheck(),
            new RegistryWithoutDirCheck(),
            new DirWithoutRegistryCheck(),
            new PortMismatchRegistryCodeCheck(),
            new LoopbackButDeclaredCheck(),
            new IdentityNameMismatchCheck(),
            new DuplicateIdentityCheck(),
            new SameDirDuplicateEntrypointsCheck(),
            new DirBindsMultiplePortsCheck(),
            new HealthPathUnservedCheck(),
            new ProcessPortConflictCheck(),
            new MakeMissingScriptCheck(),
            new ProcessMissingNpmScriptCheck(),
            new ProcessMissingScriptCheck(),
            new AskedPortCheck(),
            new NamedPortCheck(),

            // compose
            new ComposeHostPortConflictCheck(),
            new ComposeCrossFilePortConflictCheck(),
            new ComposeReplicasPortCheck(),
            new ContainerPortConflictCheck(),
            new ComposeIncludeMissingCheck(),
            new ComposeExtendsMissingCheck(),
            new ComposeUndeclaredNameCheck(),
            new ComposeRefusedCheck(),
            new ComposeMissingModuleCheck(),
            new ComposeNeighbourCheck(),
            new ComposeMissingContextCheck(),
            new ComposeMissingDockerfileCheck(),
            new PortMismatchRegistryComposeCheck(),
            new PortMismatchComposeContainerCheck(),
            new PortMismatchComposeHealthcheckCheck(),
            new LoopbackBehindPublishCheck(),
            new ComposeMissingMountCheck(),
            new ComposeMissingEnvFileCheck(),
            new DevcontainerMissingCheck(),
            new LaunchServesNothingCheck(),
            new WorkloadRefusedCheck(),
            new WorkloadPortConflictCheck(),
            new WorkloadPortMismatchCheck(),
            new PortMismatchRegistryWorkloadCheck(),
            new PortMismatchConsulCheck(),

            // dockerfile
            new DockerfileMissingModuleCheck(),
            new CopyMissingSourceCheck(),
            new BakeMissingCheck(),
            new ForeignPackageManagerCheck(),
            new ExecFormVariableCheck(),
            new ExposedPortCheck(),
            new FlyPortCheck(),
            new HealthcheckPortCheck(),
            new HealthcheckToolCheck(),
            new StartToolCheck(),

            // systemd
            new NoSystemdCheck(),
            new ServiceNotRunningCheck(),
            new PortMismatchSystemdCodeCheck(),
            new PortMismatchSystemdRegistryCheck(),
            new SystemdPortTakenByOtherAgentCheck(),
            new SystemdPortConflictCheck(),
            new SystemdDuplicateUnitCheck(),
            new SystemdMissingWorkdirCheck(),
            new SystemdMissingModuleCheck(),
            new UnitMissingEnvFileCheck(),
            new UnitMissingDependencyCheck(),
            new UnitOrdersNothingCheck(),
            new TriggerWithoutServiceCheck(),
            new RegistryMissingUnitCheck(),
            new UnitDoubleExecCheck(),
            new UnitRefusedCheck(),
            new UnitIgnoredSettingCheck(),
            new UnitUnsupportedExpansionCheck(),
            new ProxyAsksNobodyCheck(),
            new ProxyPortTakenCheck(),
            new HostNeighbourCheck(),
            new UnitDriftCheck(),
            new ServiceNotEnabledCheck(),

            // kubernetes
            new KustomizationMissingFileCheck(),
            new ManifestPortConflictCheck(),
            new ManifestProbePortCheck(),
            new ManifestTargetPortCheck(),
            new ManifestServiceWithoutPodsCheck(),
            new ManifestIngressBackendCheck(),
            new ManifestNodePortConflictCheck(),
            new PortMismatchRegistryManifestCheck(),
            new ClusterServiceMissingCheck(),
            new ClusterNotReadyCheck(),
            new ClusterReplicasCheck(),
            new ClusterPortDiffersCheck(),
            new ClusterImageDiffersCheck(),

            // host
            new PortNotListeningCheck(),
            new ListenerOwnerCheck(),
            new ContainerFailingCheck(),
            new ContainerMissingCheck(),
            new ContainerImageDiffersCheck(),
            new ContainerExtraCheck(),
            new ContainerPortSilentCheck(),
            new UndeclaredListenerCheck(),
            new ListenerExposedCheck(),
            new CodeDriftCheck(),

            // probe
            new IdentityMismatchCheck(),
            new PortMismatchCheck(),
            new AgentUnresponsiveCheck(),
            new HealthCheckErrorCheck(),
            new VersionMismatchCheck(),
            new ActionNotOfferedCheck(),
            new CardSignatureCheck(),

            // enrolled
            new GhostAgentCheck(),
            new RogueAgentCheck(),
            new LostAgentCheck(),
            new TooManyInstancesCheck(),
            new IdentityCloneCheck(),
            new IdentityProofCheck(),
            new ConfigDriftCheck(),
        });
    }
}
