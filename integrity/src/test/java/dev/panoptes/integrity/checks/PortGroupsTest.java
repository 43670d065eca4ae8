package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.checks.ComposeView.Exposure;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who of several want one port, and which ports are counted. */
class PortGroupsTest {
    private static final ComposeFile FILE = Worlds.compose(
            "compose.yaml", Worlds.service("a"), Worlds.service("b"), Worlds.service("c"), Worlds.service("d"));

    private static Exposure wants(String service, String address, int port, int line, String text) {
        return new Exposure(
                FILE,
                FILE.services().stream()
                        .filter(each -> each.name().equals(service))
                        .findFirst()
                        .orElseThrow(),
                address,
                port,
                "tcp",
                new Evidence("compose", "compose.yaml", line, text));
    }

    private static Exposure wants(String service, int port) {
        return wants(service, "", port, 3, Integer.toString(port));
    }

    private static Stream<Exposure> range(String service, int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(port -> wants(service, "", port, 4, from + "-" + to));
    }

    private static PortGroups.Found of(Stream<Exposure> exposures) throws InterruptedException {
        return PortGroups.of(exposures.toList(), (one, other) -> false);
    }

    private static List<String> groups(PortGroups.Found found) {
        return found.conflicts().stream()
                .map(group -> group.ports() + " "
                        + group.services().stream()
                                .map(ComposeFile.Service::name)
                                .toList())
                .toList();
    }

    @Test
    void ofARangeOneLineCountsOnce() throws InterruptedException {
        PortGroups.Found found = of(Stream.concat(
                range("a", 8000, 8002), Stream.of(wants("b", "", 9000, 5, "b"), wants("b", "", 9002, 5, "b"))));
        assertThat(found.wanted()).containsExactly("8000", "9000", "9002");
        assertThat(found.passed()).containsExactly("8000", "9000", "9002");
        assertThat(found.conflicts()).isEmpty();
    }

    @Test
    void conflictsOfARangeAreOneGroup() throws InterruptedException {
        PortGroups.Found found = of(Stream.concat(range("a", 8000, 8004), range("b", 8001, 8003)));
        assertThat(groups(found)).containsExactly("8001-8003 [a, b]");
        assertThat(found.wanted()).containsExactly("8000", "8001");
        assertThat(found.passed()).containsExactly("8000");
    }

    @Test
    void whoMeetsNobodyIsOfNoGroup() throws InterruptedException {
        PortGroups.Found found = of(Stream.of(
                wants("a", "127.0.0.1", 80, 3, "a"),
                wants("b", "10.0.0.1", 80, 3, "b"),
                wants("c", "127.0.0.1", 80, 3, "c")));
        assertThat(groups(found)).containsExactly("80 [a, c]");
        assertThat(found.conflicts().getFirst().address()).isEqualTo("127.0.0.1");
        assertThat(groups(of(Stream.of(wants("a", 80), wants("b", 81), wants("c", 82)))))
                .isEmpty();
    }

    @Test
    void thoseWhoNeverRunTogetherMayWantOnePort() throws InterruptedException {
        List<Exposure> all = List.of(wants("a", 80), wants("b", 80), wants("c", 80), wants("d", 80));
        PortGroups.Found found = PortGroups.of(
                all,
                (one, other) -> one.service().name().equals("a")
                        || other.service().name().equals("a")
                        || (one.service().name() + other.service().name()).matches("bd|db|bc|cb"));
        assertThat(groups(found)).containsExactly("80 [c, d]");
    }

    @Test
    void membersStandByServiceAndLine() throws InterruptedException {
        PortGroups.Found found = of(Stream.of(
                wants("b", "", 80, 9, "last"), wants("a", "", 80, 7, "second"), wants("a", "", 80, 5, "first")));
        assertThat(found.conflicts().getFirst().members())
                .extracting(member -> member.evidence().text())
                .containsExactly("first", "second", "last");
    }
}
