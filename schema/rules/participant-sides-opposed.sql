SELECT id, 'side' AS field, 'expected the actor on one side by one account, got it on side a and on '
  || 'side b; correct one of the sides, say who attributes each role, or waive the rule with the '
  || 'reason, such as friendly fire' AS message, other
FROM opposed_participants WHERE in_side
