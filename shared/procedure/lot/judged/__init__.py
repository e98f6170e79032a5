"""综合条件最佳者得: the offers of a tender are judged by a committee, on the criteria that the notice declares."""
