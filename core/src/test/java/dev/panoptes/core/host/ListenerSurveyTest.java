package dev.panoptes.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.host.SocketHolders.Holders;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a host does while it is looked at. */
class ListenerSurveyTest {
    private static final ListeningSocket SOCKET = new ListeningSocket("0.0.0.0", 8014, false, 77, 0);

    private final Deque<List<ListeningSocket>> tables = new ArrayDeque<>();
    private final Map<Integer, Long> startAtTheEnd = new HashMap<>();

    private static HostProcess process(int pid) {
        return new HostProcess(pid, 100, 1, 0, "/bin/x", false, "/", List.of("x"), null, null, null, null, null, null);
    }

    private final ProcessReader processes = new ProcessReader() {
        @Override
        public Optional<HostProcess> read(int pid) {
            return Optional.of(process(pid));
        }

        @Override
        public OptionalLong startTicks(int pid) {
            Long start = startAtTheEnd.get(pid);
            return start == null ? OptionalLong.empty() : OptionalLong.of(start);
        }
    };

    private Listeners survey(Holders holders) throws InterruptedException {
        SocketSource sockets = () -> tables.size() == 1 ? tables.getFirst() : tables.removeFirst();
        return new ListenerSurvey(sockets, wanted -> holders, processes, null, found -> "hidden").survey();
    }

    private static Holders held(Integer... pids) {
        return new Holders(Map.of(77L, new TreeSet<>(List.of(pids))), 0, 1);
    }

    @Test
    void anOwnerThatIsStillTheSameIsKnown() throws InterruptedException {
        tables.add(List.of(SOCKET));
        startAtTheEnd.put(5, 100L);

        assertThat(survey(held(5)))
                .isEqualTo(new Listeners.Seen(List.of(new Listeners.Owned(SOCKET, List.of(process(5)), null)), null));
    }

    @Test
    void anOwnerWhosePidIsAnothersNowHasMoved() throws InterruptedException {
        tables.add(List.of(SOCKET));
        startAtTheEnd.put(5, 101L);

        assertThat(survey(held(5)))
                .isEqualTo(new Listeners.Seen(
                        List.of(new Listeners.Owned(SOCKET, List.of(), "the owner moved while it was looked at")),
                        null));
    }

    @Test
    void anOwnerThatEndedHasMovedAndTheOthersStay() throws InterruptedException {
        tables.add(List.of(SOCKET));
        startAtTheEnd.put(6, 100L);

        assertThat(survey(held(5, 6)))
                .isEqualTo(new Listeners.Seen(List.of(new Listeners.Owned(SOCKET, List.of(process(6)), null)), null));
    }

    @Test
    void aSocketThatWasClosedMeanwhileIsLeftOut() throws InterruptedException {
        tables.add(List.of(SOCKET));
        tables.add(List.of());

        assertThat(survey(new Holders(Map.of(), 0, 9))).isEqualTo(new Listeners.Seen(List.of(), null));
    }

    @Test
    void aSocketWithoutHolderIsHidden() throws InterruptedException {
        tables.add(List.of(SOCKET));

        assertThat(survey(new Holders(Map.of(), 3, 9)))
                .isEqualTo(new Listeners.Seen(List.of(new Listeners.Owned(SOCKET, List.of(), "hidden")), "hidden"));
    }

    @Test
    void aTableThatCannotBeReadIsUnseen() throws InterruptedException {
        SocketSource broken = () -> {
            throw new IOException("permission denied");
        };
        ListenerSurvey survey = new ListenerSurvey(broken, wanted -> held(5), processes, null, found -> "hidden");

        assertThat(survey.survey())
                .isEqualTo(new Listeners.Unseen("the socket table could not be read: permission denied"));
    }
}
