package dev.panoptes.sensors.dns;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message, as far as it could be read.
 *
 * @param header the second 16 bits: flags, operation code, response code
 * @param responseCode with the bits that EDNS adds
 * @param edns what an OPT record says; null where there is none
 * @param broken true where a section behind the questions could not be read to its end
 */
record DnsMessage(
        int id,
        int header,
        int responseCode,
        List<Question> questions,
        List<Answer> answers,
        @Nullable Edns edns,
        boolean broken) {
    DnsMessage {
        questions = List.copyOf(questions);
        answers = List.copyOf(answers);
    }

    boolean isAnswer() {
        return (header & 0x8000) != 0;
    }

    int operation() {
        return header >> 11 & 15;
    }

    /** One question. */
    record Question(String name, int type, int questionClass) {}

    /** One record of the answer section; its data in presentation form. */
    record Answer(String name, int type, int recordClass, long ttl, String data) {}

    /** What an OPT record says (RFC 6891). */
    record Edns(int version, int payloadSize, boolean dnssecOk) {}
}
