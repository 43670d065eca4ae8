package dev.panoptes.sensors.dns;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Type;

/** Reads DNS messages (RFC 1035, RFC 2181, RFC 3597, RFC 6762, RFC 6891). Pure. */
final class DnsParser {
    private static final int HEADER = 12;
    private static final int MOST_RECORDS = 4096;
    private static final int UPDATE = 5;

    private DnsParser() {}

    /**
     * One message; null where not even its questions can be read.
     *
     * @param multicast true where the highest bit of a class has the meaning of RFC 6762
     */
    static @Nullable DnsMessage parse(byte[] data, int from, int length, boolean multicast) {
        int to = from + length;
        if (length < HEADER) {
            return null;
        }
        int id = u16(data, from);
        int header = u16(data, from + 2);
        int questionCount = u16(data, from + 4);
        int answerCount = u16(data, from + 6);
        int others = u16(data, from + 8);
        int additional = u16(data, from + 10);
        int at = from + HEADER;
        List<DnsMessage.Question> questions = new ArrayList<>(1);
        int mask = multicast ? 0x7fff : 0xffff;
        for (int i = 0; i < questionCount; i++) {
            DnsName name = i >= MOST_RECORDS ? null : DnsName.read(data, from, at, to);
            if (name == null || name.end() + 4 > to) {
                return null;
            }
            questions.add(
                    new DnsMessage.Question(name.text(), u16(data, name.end()), u16(data, name.end() + 2) & mask));
            at = name.end() + 4;
        }
        List<DnsMessage.Answer> answers = new ArrayList<>(Math.min(answerCount, 16));
        RecordData reader = new RecordData(data, from, to);
        DnsMessage.Edns edns = null;
        int responseCode = header & 15;
        boolean broken = false;
        int all = answerCount + others + additional;
        for (int i = 0; i < all; i++) {
            DnsName name = i >= MOST_RECORDS ? null : DnsName.read(data, from, at, to);
            if (name == null || name.end() + 10 > to) {
                broken = true;
                break;
            }
            int type = u16(data, name.end());
            int recordClass = u16(data, name.end() + 2);
            long ttl = (long) u16(data, name.end() + 4) << 16 | u16(data, name.end() + 6);
            int dataAt = name.end() + 10;
            int end = dataAt + u16(data, name.end() + 8);
            if (end > to) {
                broken = true;
                break;
            }
            if (i < answerCount) {
                String text = reader.text(type, recordClass & mask, dataAt, end);
                if (text == null && (header >> 11 & 15) == UPDATE) {
                    text = ""; // a prerequisite has no data (RFC 2136 section 2.4)
                } else if (text == null) {
                    // Its length still tells where the next record begins.
                    broken = true;
                    text = reader.unknown(dataAt, end);
                }
                answers.add(new DnsMessage.Answer(name.text(), type, recordClass & mask, ttl, text));
            } else if (type == Type.OPT && i >= answerCount + others && edns == null) {
                edns = new DnsMessage.Edns((int) (ttl >> 16 & 0xff), recordClass, (ttl & 0x8000) != 0);
                responseCode |= (int) (ttl >> 24 & 0xff) << 4;
            }
            at = end;
        }
        return new DnsMessage(id, header, responseCode, questions, answers, edns, broken);
    }

    private static int u16(byte[] data, int at) {
        return (data[at] & 0xff) << 8 | (data[at + 1] & 0xff);
    }
}
