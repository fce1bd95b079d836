SELECT id, field, 'expected each item of ' || field || ' once, got '
  || (len(items) - len(list_distinct(items))) || ' more; drop what is there twice' AS message
FROM list_cells WHERE len(items) > len(list_distinct(items))
