-- Words with a capital, particles between them, nothing else: in other scripts than Latin, where case
-- tells less or nothing, nothing is found. A word for what a person does or is makes it a label; so does a run of capitals.
SELECT actor_id AS id, 'name' AS field, 'expected a label such as "resident 1" as the name of a '
  || replace(privacy_class, '_', ' ') || ', got what looks like a personal name; give a label, or '
  || 'correct privacy_class' AS message
FROM actors
WHERE privacy_class IN ('private_person', 'minor')
  AND length(name) <= 60 AND regexp_full_match(name, '[\p{Latin}\p{M} ''’.-]+')
  AND regexp_full_match(name, '(?:[A-Za-z]{2,3}-)?\p{Lu}[\p{L}\p{M}''’.-]*(?: (?:de|da|do|dos|del|della|di|du|la|le|van|von|der|den|ter|bin|bint|ibn|abu|al|el|ould|zu|(?:[A-Za-z]{2,3}-)?\p{Lu}[\p{L}\p{M}''’.-]*))*'
    || ' (?:[A-Za-z]{2,3}-)?\p{Lu}[\p{L}\p{M}''’.-]*')
  AND NOT regexp_matches(name, '(^|[ .-])\p{Lu}{2,}([ .-]|$)')
  AND NOT regexp_matches(lower(name), '\b(?:activist|adviser|advisor|aide|ambassador|analyst|boy|brother|captain|captive|chief|child|citizen|civilian|clerk|colonel|commander|deputy|detainee|diplomat|director|doctor|driver|elder|employee|eyewitness|farmer|father|fighter|fisherman|general|girl|governor|guard|gunman|head|hostage|husband|imam|journalist|judge|lawyer|leader|local|man|manager|mayor|medic|member|militant|minister|mother|neighbou?r|nurse|officer|official|operator|paramedic|parent|passenger|person|pilot|policeman|policewoman|priest|prisoner|professor|prosecutor|protester|protestor|pupil|rebel|refugee|relative|reporter|representative|rescuer|resident|secretary|senator|shopkeeper|sister|soldier|son|daughter|source|spokesman|spokesperson|spokeswoman|staffer|student|survivor|suspect|teacher|trader|victim|villager|volunteer|wife|witness|woman|worker|youth)(?:s|es)?\b')
