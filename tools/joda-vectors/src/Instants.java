import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.joda.time.DateTime;
import org.joda.time.DateTimeZone;

/** The instants that are formatted and counted from. */
final class Instants {
    /** Years before the era, before 1000, around changes of century and leap years, long years and beyond 9999. */
    private static final int[] YEARS = {
        -200000, -9999, -4713, -401, -100, -5, -4, -1, 0, 1, 4, 9, 10, 99, 100, 476, 999, 1000, 1582, 1600, 1899, 1900,
        1969, 1970, 1999, 2000, 2004, 2009, 2011, 2015, 2018, 2020, 2024, 2026, 2100, 9999, 10000, 12345, 99999, 200000,
    };

    /** Month, day, hour, minute, second, millisecond. */
    private static final int[][] MOMENTS = {
        {1, 1, 0, 0, 0, 0}, {12, 31, 23, 59, 59, 999}, {1, 31, 12, 0, 0, 0}, {2, 28, 12, 34, 56, 7}, {7, 4, 9, 5, 3, 120},
    };

    /** Days at which the year of the week differs from the year, leap days, and ends of short months. */
    private static final int[][] DAYS = {
        {2005, 1, 1}, {2008, 12, 28}, {2008, 12, 29}, {2010, 1, 3}, {2010, 1, 4}, {2012, 2, 29}, {2015, 12, 31},
        {2016, 1, 3}, {2016, 2, 29}, {2018, 4, 30}, {2019, 12, 30}, {2020, 2, 29}, {2021, 1, 3}, {2000, 2, 29},
        {1900, 2, 28}, {4, 2, 29}, {0, 2, 29}, {-4, 2, 29}, {12000, 2, 29}, {2011, 5, 24}, {2011, 5, 22},
    };

    static List<Long> all() {
        List<Long> instants = new ArrayList<>();
        for (int year : YEARS) {
            for (int[] m : MOMENTS) instants.add(millis(year, m[0], m[1], m[2], m[3], m[4], m[5]));
        }
        instants.addAll(days());
        return instants;
    }

    static List<Long> days() {
        List<Long> instants = new ArrayList<>();
        for (int[] day : DAYS) instants.add(millis(day[0], day[1], day[2], 17, 10, 0, 0));
        return instants;
    }

    /** Whole seconds of the years 2010 to 2029; the seed makes each run the same. */
    static List<Long> recent(int count) {
        Random random = new Random(20121029);
        long first = millis(2010, 1, 1, 0, 0, 0, 0);
        long last = millis(2030, 1, 1, 0, 0, 0, 0);
        List<Long> instants = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            instants.add(first + (long) (random.nextDouble() * ((last - first) / 1000)) * 1000);
        }
        return instants;
    }

    private static long millis(int year, int month, int day, int hour, int minute, int second, int millisecond) {
        return new DateTime(year, month, day, hour, minute, second, millisecond, DateTimeZone.UTC).getMillis();
    }
}
